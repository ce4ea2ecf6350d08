"""Every capability's tables, so that keys between them resolve whoever asks first."""

from tenants.administration import records as administration
from tenants.arrivals import records as arrivals
from tenants.arrivals.reports import records as reports
from tenants.arrivals.talks import records as talks
from tenants.audit import records as audit
from tenants.certificates import records as certificates
from tenants.exports import records as exports
from tenants.grid import records as grid
from tenants.grid.drafts import records as drafts
from tenants.liaisons import records as liaisons
from tenants.matching import records as matching
from tenants.matching.assignments import records as assignments
from tenants.matching.households import records as households
from tenants.members import records as members
from tenants.members.duplicates import records as duplicates
from tenants.mobility import records as mobility
from tenants.organisations import records as organisations
from tenants.outbox import records as outbox
from tenants.oversight import records as oversight
from tenants.people import records as people
from tenants.places import records as places
from tenants.redirects import records as redirects
from tenants.redirects.suggestions import records as suggestions
from tenants.redraws import records as redraws
from tenants.transfers import records as transfers
from tenants.visits import records as visits

ALL = (
    organisations,
    people,
    audit,
    outbox,
    exports,
    grid,
    drafts,
    places,
    members,
    duplicates,
    mobility,
    certificates,
    arrivals,
    talks,
    reports,
    matching,
    assignments,
    households,
    redraws,
    visits,
    oversight,
    administration,
    redirects,
    suggestions,
    transfers,
    liaisons,
)
