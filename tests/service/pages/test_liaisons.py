"""Liaisons as a person names them, and as programs do."""

from __future__ import annotations

import re
from datetime import date

from tests.factories.liaisons import a_liaison, an_absentee, named
from tests.factories.members import a_member
from tests.factories.people import a_leader, an_officer
from tests.service.pages.reading import words


def page(who, path="", **query):
    return who.client.get(f"{who.office.pages}/liaisons{path}", query_string=query)


def said(who, path, **form):
    return who.client.post(f"{who.office.pages}/liaisons/{path}", data=form, follow_redirects=True)


def test_pages_with_nothing_on_them_say_what_to_do(colleague):
    assert "现在没有要指定联系人的" in words(page(colleague))
    assert "还没有指定过联系人" in words(page(colleague, view="loads"))
    assert "没有联系人" in words(page(colleague, view="branches"))


def test_several_get_one_in_one_step_and_it_is_undone(colleague, community):
    members = [an_absentee(community, name=f"外出者{letter}") for letter in "甲乙"]
    text = words(page(colleague))
    assert "应有联系人的 2 人，其中 2 人没有。" in text and "去往外地区" in text
    holder = f"person:{colleague.person_id}"
    answer = said(colleague, "assign", member=members, holder=holder)
    assert "已给 2 人指定联系人。" in words(answer) and "人人都有联系人" in words(answer)
    assert "2" in re.findall(r'class="number">(\d+)<', page(colleague, view="loads").text)
    assert "外出者甲" in words(page(colleague, f"/people/{colleague.person_id}"))
    card = words(colleague.client.get(f"{community.pages}/members/{members[0]}"))
    assert f"联系人 {colleague.name}" in card
    batch = re.search(r"/batches/([0-9a-f-]{36})/undo", answer.text)[1]
    assert "已撤销，和指定以前一样。" in words(said(colleague, f"batches/{batch}/undo"))
    assert "其中 2 人没有。" in words(page(colleague))
    card = words(colleague.client.get(f"{community.pages}/members/{members[0]}"))
    assert "联系人 没有联系人" in card


def test_what_cannot_be_is_told_where_it_was_asked(colleague, community):
    member_id = an_absentee(community)
    answer = said(colleague, "assign", member=member_id, holder="")
    assert (answer.status_code, "请选联系人。" in words(answer)) == (422, True)
    assert f'value="{member_id}"' in answer.text and "checked" in answer.text
    answer = said(colleague, "assign", member=member_id, holder="person:x", back="member")
    assert (answer.status_code, "先后的联系人" in words(answer)) == (422, True)
    assert said(colleague, "assign", holder=f"person:{colleague.person_id}").status_code == 422


def test_whoever_is_a_liaison_no_longer_is_shown_to_who_sees_them_anyway(
    colleague, leader, community
):
    keeper = a_member(community, name="从前的甲", home=community.inside(4))
    member_id = an_absentee(community, home=community.inside(1))
    batch = named(community, keeper, member_id)
    assert "从前的甲" in words(page(leader, f"/keepers/{keeper}"))
    assert "已撤销" in words(said(colleague, f"batches/{batch}/undo"))
    assert page(leader, f"/keepers/{keeper}").status_code == 404
    named(community, keeper, member_id)
    said(colleague, "assign", member=member_id, holder=f"person:{colleague.person_id}")
    assert page(leader, f"/keepers/{keeper}").status_code == 404
    assert "从前的甲" in words(page(colleague, f"/keepers/{keeper}"))


def test_a_member_who_agreed_is_found_by_name_and_chosen(colleague, community):
    keeper = a_member(community, name="愿意的甲")
    member_id = an_absentee(community)
    of = f"{community.pages}/members/{member_id}/liaison"
    assert "愿意的甲" not in words(colleague.client.get(of))
    assert f'value="member:{keeper}"' in colleague.client.get(f"{of}?keeper=愿意").text
    form = {"member": member_id, "holder": f"member:{keeper}", "back": "member"}
    assert "本人同意" in words(said(colleague, "assign", **form))
    assert "愿意的甲" in words(said(colleague, "assign", **form, agreed="yes"))
    assert "联系的" in words(page(colleague, f"/keepers/{keeper}"))


def test_a_branch_gets_one_and_loses_it(colleague, community):
    branch = community.branches[0]
    answer = said(colleague, f"branches/{branch}", holder=f"person:{colleague.person_id}")
    assert "已指定支部的联系人。" in words(answer)
    liaison = re.search(r"/liaisons/([0-9a-f-]{36})/end", answer.text)[1]
    answer = said(colleague, f"{liaison}/end", view="branches")
    assert "已结束。现在没有联系人" in words(answer)


def test_a_handover_names_the_liaisons(colleague, community):
    leader = a_leader(community)
    named(community, leader, an_absentee(community))
    pages = f"{community.pages}/people/{leader.scope.standing_id}/hand-over"
    assert "联系人：联系 1 个党员和支部" in words(colleague.client.get(pages))
    colleague.client.post(pages, data={"to": colleague.person_id})
    assert words(page(colleague, f"/people/{leader.person_id}")).count("现在没有联系谁") == 1


def test_who_only_sees_changes_nothing(leader, colleague, community):
    ids = a_liaison(community, colleague, home=community.inside(1))
    assert "联系人" in words(page(leader))
    for path in ("assign", f"{ids['liaison_id']}/end", f"batches/{ids['batch_id']}/undo"):
        assert leader.client.post(f"{community.pages}/liaisons/{path}").status_code == 404


def test_programs_read_name_and_end(colleague, community):
    officer = an_officer(community, 1)
    member_id, api = an_absentee(community), f"{community.api}/liaisons"
    (lacking,) = officer.program.get(f"{api}/missing").json["items"]
    assert (lacking["id"], lacking["need"], lacking["orphan_of"]) == (
        str(member_id),
        "outflow",
        None,
    )
    body = {"holder": f"person:{colleague.person_id}", "members": [str(member_id)]}
    assert officer.program.post(api, json={**body, "holder": ""}).status_code == 422
    assert officer.program.post(api, json=body).status_code == 201
    (line,) = officer.program.get(api).json["items"]
    assert (line["whose"], line["holder"]["name"]) == (lacking["name"], colleague.name)
    assert line["from_day"] == date.today().isoformat()
    ended = officer.program.post(f"{api}/{line['id']}/end", json={})
    assert officer.program.get(api).json["items"] == []
    undone = officer.program.post(f"{api}/batches/{ended.json['batch']}/undo")
    assert undone.json == {"undone": 1}
