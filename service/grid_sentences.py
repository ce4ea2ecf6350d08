"""What `geo` says about cells, once more: it knows no catalogues, and its sentences are msgids.

A test holds this list to what `geo` says.
"""

from typing import Final

from tenants.marking import N_

GRID_SENTENCES: Final = (
    # What can be wrong with a coverage (geo.grid_faults).
    N_("社区边界还没有画,请先画好社区边界。"),
    N_("网格必须是一块面,请重新画这个网格。"),
    N_("网格的边线在标出的位置自己交叉或重复,请在那里改正。"),
    N_("网格有 %(square_metres)s 平方米伸出社区边界,请把边线移回边界以内。"),
    N_("两个网格重叠 %(square_metres)s 平方米,请让它们共用一条边线。"),
    N_("两个网格的边线错开不到 %(width_metres)s 米而重叠,请让它们共用一条边线。"),
    N_("有 %(square_metres)s 平方米不属于任何网格,请划给相邻的网格。"),
    N_("相邻边线之间有不到 %(width_metres)s 米宽的缝隙,请让它们共用一条边线。"),
    N_(
        "网格中间有一个 %(square_metres)s 平方米的洞，不属于任何网格，请填上，或在洞里另画一个网格。"
    ),
    N_("这个网格处处窄于 %(width_metres)s 米,请检查是不是误画。"),
    # A shape that is no cell (geo.drawn_cells).
    N_("这不是一个 GeoJSON 面。请检查内容是否完整。"),
    N_("这是一条线，不是一块面。请把首尾连起来再试。"),
    N_("边线没有闭合：起点和终点不是同一点。请把最后一点连回起点。"),
    N_("一个网格至少要有三个不同的顶点。"),
    N_("一个网格只能是一块，这里有 %(parts)s 块。请拆成几个网格。"),
    N_("这个网格有 %(vertices)s 个顶点，最多 %(most)s 个。请先在绘图软件里简化。"),
    N_("坐标不是经纬度（度），可能是以米为单位的平面坐标。请先换算。"),
    N_("经度和纬度像是写反了：在我国，经度是较大的数。请对调后再试。"),
    N_("这个网格不在我国境内，请核对坐标和坐标系。"),
    N_("这个网格在社区边界以外约 %(metres)s 米，请核对坐标和坐标系。"),
    N_("边线在标出的位置自己交叉或重复，请在那里改正。"),
    # Cutting and joining (geo.grid_cuts).
    N_("这条线没有穿过整个网格。请从网格外画到网格外。"),
    N_("这条线把网格切成了 %(parts)s 块。请画一条只切一次的线。"),
    N_("两个网格没有共同的边线，不能合并。"),
    N_("贴合以后边线会自己交叉，请用手移动顶点。"),
    # Buildings in exactly one cell (geo.grid_points).
    N_("有 %(buildings)s 栋楼不在任何网格里，请把它们划进相邻的网格。"),
    N_("有 %(buildings)s 栋楼正在几个网格的边线上，请把边线移开，免得两个网格都管或都不管。"),
)
