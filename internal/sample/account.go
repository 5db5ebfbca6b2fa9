package sample

import "openiis.org/iis"

// Password is that of every account of the demonstration.
const Password = "openiis-demo"

// Account is someone who can sign in to the demonstration.
type Account struct {
	User   iis.User
	Grants []AccountGrant
	For    string // what the account is there to show
}

// AccountGrant is a role at one of the Organizations.
type AccountGrant struct {
	Organization iis.OrganizationID
	Role         iis.Role
}

// Accounts lists the accounts of the demonstration.
func Accounts() []Account {
	account := func(userName, name, about string, grants ...AccountGrant) Account {
		return Account{For: about, Grants: grants, User: iis.User{
			ID: iis.UserID("user-" + userName), UserName: userName, Name: name, Email: userName + "@example.org",
			State: iis.UserActive, Created: at(2026, 1, 5),
		}}
	}
	return []Account{
		account("viewer", "V. Viewer", "looks clients up and prints", AccountGrant{TestClinic, iis.ReportsOnly}),
		account("clerk", "R. Nurse", "edits clients, as in the guide", AccountGrant{TestClinic, iis.TypicalUser}),
		account("admin", "A. Admin", "manages the users of Test Clinic too", AccountGrant{TestClinic, iis.OrgAdmin}),
		account("clerk2", "R. Rivers", "edits clients for another clinic", AccountGrant{RiversideClinic, iis.TypicalUser}),
		account("nurse", "S. Nurse", "a school only views", AccountGrant{LincolnSchool, iis.TypicalUser}),
		account("floater", "F. Floater", "switches between two clinics",
			AccountGrant{TestClinic, iis.TypicalUser}, AccountGrant{RiversideClinic, iis.TypicalUser}),
		account("helpdesk", "H. Desk", "sees locked and deceased clients", AccountGrant{RegistryHelpDesk, iis.HelpDesk}),
	}
}
