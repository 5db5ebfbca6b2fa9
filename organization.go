package iis

// Organization takes part in the registry. What a client's record says on the
// Client Information tab belongs to one organization.
type Organization struct {
	ID     OrganizationID
	Name   string
	Type   OrgType
	City   string
	Active bool
}
