"""What a code of ours is called on pages: one table for each kind of code."""

from flask import Flask
from flask_babel import lazy_gettext as _l

STATE_WORDS = {
    "signalled": ("wait", _l("等待匹配")),
    "verified": ("wait", _l("等待匹配")),
    "proposed": ("warn", _l("有建议，待决定")),
    "consented": ("wait", _l("已同意，待编入")),
    "placed": ("good", _l("已编入支部")),
    "filed": ("good", _l("已备案")),
    "served": ("good", _l("已在服务")),
    "unserved": ("bad", _l("无人接收")),
    "redirected": ("quiet", _l("已转到别的社区")),
}
REASON_WORDS = {
    "no_place": _l("没有登记住址或工作地点的位置"),
    "out_of_reach": _l("可及范围内没有支部"),
    "no_seat": _l("附近的支部都已满员"),
    "not_allowed": _l("附近的支部不能接收这一类党员"),
    "closed": _l("未开放"),
    "asked_for_another": _l("本人希望换一个"),
}
KIND_WORDS = {
    "general": _l("普通支部"),
    "enterprise": _l("企业支部"),
    "mobile": _l("流动党支部"),
    "temporary": _l("临时党支部"),
    "joint": _l("联合党支部"),
    "members_home": _l("流动党员之家"),
    "service_center": _l("党员服务中心"),
    "service_station": _l("服务站"),
    "station": _l("流动党员管理站"),
    "temporary_station": _l("临时管理站"),
    "service_point": _l("党群服务中心"),
}
AFFILIATION_WORDS = {
    "affiliated": _l("组织关系在本社区"),
    "incoming": _l("流入党员"),
    "reported_in": _l("双报到，组织关系在单位"),
}
LEFT_REASON_WORDS = {
    "moved": _l("组织关系转出"),
    "returned": _l("离开本地，不再由这里联系"),
    "deceased": _l("去世"),
    "mistake": _l("登记错了"),
    "other": _l("其他"),
}
"""Why somebody was taken out of the register."""
PLACE_WORDS = {"home": _l("住处"), "work": _l("工作地点")}
PRECISION_WORDS = {
    "building": _l("精确到楼栋"),
    "compound": _l("精确到小区"),
    "cell": _l("精确到网格"),
    "unknown": _l("位置未知"),
}

BUILDING_KIND_WORDS = {"compound": _l("小区"), "building": _l("楼栋")}
BUILDING_REASON_WORDS = {
    "full": _l("名称一致"),
    "address": _l("门牌地址一致"),
    "short": _l("小区名写法略有不同，其余一致"),
    "loose": _l("号码一致，写法不同"),
    "number": _l("只有号码一致，没有写小区"),
    "compound": _l("小区一致，这个楼号还没有登记"),
    "similar": _l("名称相近，请核对"),
    "part": _l("名称里有所写的字"),
}
BUILDING_IMPORT_STATE_WORDS = {
    "checked": ("warn", _l("已检查，待决定")),
    "accepted": ("good", _l("已导入")),
    "discarded": ("quiet", _l("已放弃")),
    "undone": ("quiet", _l("已撤销")),
}
STAGE_WORDS = {"full": _l("正式党员"), "probationary": _l("预备党员")}
RESIDENCE_WORDS = {"inside": _l("住在本社区"), "outside": _l("住在外面"), "unknown": _l("住处不详")}
DIRECTION_WORDS = {"inflow": _l("流入"), "outflow": _l("流出")}
SYSTEM_WORDS = {
    "gcj02": ("GCJ-02", _l("高德、腾讯等地图上取的点")),
    "bd09": ("BD-09", _l("百度地图上取的点")),
    "cgcs2000": ("CGCS2000", _l("天地图、测绘部门给的经纬度")),
    "wgs84": ("WGS-84", _l("手机或 GPS 设备测得的原始经纬度")),
}
IMPORT_STATE_WORDS = {
    "checking": ("wait", _l("正在检查")),
    "asking": ("warn", _l("要您先决定")),
    "stalled": ("bad", _l("没有检查完")),
    "checked": ("warn", _l("已检查，待决定")),
    "accepting": ("wait", _l("正在导入")),
    "accepted": ("good", _l("已导入")),
    "undoing": ("wait", _l("正在撤销")),
    "undone": ("quiet", _l("已撤销")),
    "unusable": ("bad", _l("不能使用")),
    "discarded": ("quiet", _l("已放弃")),
}
JOB_WORDS = {
    "match_arrivals": _l("匹配最近的支部"),
    "sweep_arrivals": _l("每晚补查"),
    "clear_expired": _l("清除到期的简注和回执"),
    "count_tenant": _l("统计本单位的数字"),
    "mark_members": _l("更新查重用的标记"),
    "check_roster": _l("检查名册"),
    "accept_roster": _l("导入名册"),
    "undo_roster": _l("撤销导入"),
    "forget_rosters": _l("清理过期的名册"),
    "assign_branches": _l("统一安排"),
    "assign_county": _l("全县统一安排"),
    "accept_lines": _l("接受一次安排"),
    "undo_acceptance": _l("撤销一次接受"),
    "tell_sites": _l("告诉各社区可以合设的临时党支部"),
    "settle_households": _l("为中心户提建议"),
    "propose_redraw": _l("核对谁会换网格"),
    "balance_grid": _l("画人数均衡的网格"),
    "apply_redraws": _l("让批准的网格生效"),
    "anchor_audit": _l("把记录的末尾抄到库外"),
    "expire_doors": _l("记下到时关上的门"),
    "carry_redirect": _l("把转接送到对方"),
    "sweep_redirects": _l("每晚补送转接"),
    "export_tenant": _l("导出全部数据"),
    "write_ledger": _l("写台账"),
    "erase_tenant": _l("清除已关闭单位的数据"),
    "check_openings": _l("检查要开通的单位"),
    "open_tenants": _l("成批开通单位"),
    "drop_expired": _l("清理过期的邀请和导出"),
}
JOB_STATE_WORDS = {
    "queued": _l("正在排队，马上开始"),
    "running": _l("正在进行"),
    "done": _l("已完成"),
    "failed": _l("没有完成"),
}

OPENING_COLUMN_WORDS = {
    "level": _l("级别"),
    "name": _l("名称"),
    "slug": _l("短名"),
    "township": _l("乡镇"),
    "boundary": _l("边界"),
    "admin_name": _l("管理员"),
    "admin_email": _l("管理员邮箱"),
}
RIGHT_WORDS = {
    "see_map": _l("看地图"),
    "see_places": _l("看支部和服务站"),
    "see_members": _l("看名册"),
    "see_arrivals": _l("看流入党员"),
    "register_arrivals": _l("登记流入党员"),
    "decide_arrivals": _l("决定流入党员编入哪个支部"),
    "import_rosters": _l("导入名册"),
    "plan_assignments": _l("统一安排、接受和撤销"),
    "plan_households": _l("记党员中心户和双方的意愿"),
    "see_tenants": _l("看下级各社区的数字"),
    "settle_duplicates": _l("处理可能重复的记录"),
    "receive_reports": _l("张贴公开信、核对自己来登记的人"),
    "record_movements": _l("登记外出、返回和查找失联党员"),
    "see_figures": _l("看本单位的数字和走势"),
    "set_reported_figures": _l("记上报的数字"),
    "see_jobs": _l("看后台工作的进度"),
    "reveal_fields": _l("写明原因后查看完整的电话、住址和证件号码"),
    "keep_register": _l("登记、更正党员资料，移出名册和放回"),
    "keep_documents": _l("登记或去掉证件号码"),
    "export_ledgers": _l("导出台账"),
    "edit_grid": _l("画网格、提出和批准网格调整"),
    "manage_buildings": _l("管理小区和楼栋，登记党员住在哪里"),
    "see_certificates": _l("看流动党员活动证"),
    "manage_certificates": _l("登记活动证的申领、发放、交回和流入地的记载"),
    "record_visits": _l("记走访和联系"),
    "manage_devices": _l("看平板多久没有同步，停用平板"),
    "manage_tenants": _l("开通、暂停、关闭下级单位，定它们的边界和限额"),
    "manage_people": _l("邀请人、移交和结束任职"),
    "manage_tokens": _l("发给程序的令牌，作废令牌"),
    "see_audit": _l("看谁做过什么、看过什么"),
    "see_doors": _l("看上级进入社区的记录"),
    "open_doors": _l("写明原因，限时进入一个社区查看个人资料"),
    "end_doors": _l("提前结束上级的查看"),
    "manage_liaisons": _l("指定联系人，换联系人"),
    "manage_transfers": _l("登记组织关系介绍信和它们的进展"),
    "see_redirects": _l("看社区之间的转接"),
    "redirect_arrivals": _l("办与邻近社区的转接"),
    "settle_redirects": _l("协调社区之间的转接"),
    "take_data_away": _l("导出本单位的全部数据"),
}
REVEALED_WORDS = {
    "phone": _l("电话"),
    "address": _l("住址"),
    "document": _l("证件号码"),
    "contact": _l("外出期间的联系方式"),
}
REVEAL_REASON_WORDS = {
    "call": _l("电话联系"),
    "visit": _l("上门走访"),
    "check": _l("核对信息"),
    "other": _l("其他"),
}


def attach(app: Flask) -> None:
    app.jinja_env.globals.update(
        state_words=STATE_WORDS,
        reason_words=REASON_WORDS,
        kind_words=KIND_WORDS,
        affiliation_words=AFFILIATION_WORDS,
        place_words=PLACE_WORDS,
        precision_words=PRECISION_WORDS,
        residence_words=RESIDENCE_WORDS,
        stage_words=STAGE_WORDS,
        left_reason_words=LEFT_REASON_WORDS,
        building_kind_words=BUILDING_KIND_WORDS,
        building_reason_words=BUILDING_REASON_WORDS,
        building_import_state_words=BUILDING_IMPORT_STATE_WORDS,
        direction_words=DIRECTION_WORDS,
        revealed_words=REVEALED_WORDS,
        reveal_reason_words=REVEAL_REASON_WORDS,
        system_words=SYSTEM_WORDS,
        import_state_words=IMPORT_STATE_WORDS,
        job_words=JOB_WORDS,
        job_state_words=JOB_STATE_WORDS,
    )
