package iis

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// golden compares got with a file of testdata, or writes the file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = "testdata/" + file
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if the change is meant, run the test with -update\n%s", file, diff)
	}
}

// TestPolicy prints the whole policy, one mark for each role, permission and
// organization type.
func TestPolicy(t *testing.T) {
	var b strings.Builder
	b.WriteString("Columns: organization types. x: may, a dot: may not.\n\n")
	for i, o := range OrgTypes {
		fmt.Fprintf(&b, "%c  %s\n", 'a'+i, o)
	}
	for _, r := range Roles {
		fmt.Fprintf(&b, "\n%-26s", r)
		for i := range OrgTypes {
			fmt.Fprintf(&b, " %c", 'a'+i)
		}
		b.WriteByte('\n')
		for _, p := range Permissions {
			fmt.Fprintf(&b, "  %-24s", p)
			for _, o := range OrgTypes {
				mark := "."
				if (Actor{Role: r, OrgType: o}).May(p) {
					mark = "x"
				}
				b.WriteString(" " + mark)
			}
			b.WriteByte('\n')
		}
	}
	golden(t, "policy.golden", b.String())
}

// everyActor yields an actor of each role and organization type.
func everyActor(yield func(Actor) bool) {
	for _, r := range Roles {
		for _, o := range OrgTypes {
			if !yield(Actor{Role: r, OrgType: o}) {
				return
			}
		}
	}
}

func TestPolicyHasEveryPermission(t *testing.T) {
	for _, p := range Permissions {
		if _, ok := policy[p]; !ok {
			t.Errorf("permission %q has no line in the policy", p)
		}
	}
	if len(policy) != len(Permissions) {
		t.Errorf("the policy has %d lines, want one for each of %d permissions", len(policy), len(Permissions))
	}
	for p, g := range policy {
		for _, r := range g.roles {
			if !slices.Contains(Roles, r) {
				t.Errorf("permission %q names the unknown role %q", p, r)
			}
		}
	}
}

func TestUnknownMayDoNothing(t *testing.T) {
	for _, unknown := range []string{"", "typical user", "Help desk", "Reports Only ", "root"} {
		for _, p := range Permissions {
			for _, o := range OrgTypes {
				if a := (Actor{Role: Role(unknown), OrgType: o}); a.May(p) {
					t.Errorf("role %q of %q may %q, want nothing", unknown, o, p)
				}
			}
			for _, r := range Roles {
				if a := (Actor{Role: r, OrgType: OrgType(unknown)}); a.May(p) {
					t.Errorf("%q of organization type %q may %q, want nothing", r, unknown, p)
				}
			}
		}
		for a := range everyActor {
			if a.May(Permission(unknown)) {
				t.Errorf("%q of %q may %q, want no", a.Role, a.OrgType, unknown)
			}
			if a.MayGrant(Role(unknown), Organization{Type: a.OrgType}) {
				t.Errorf("%q of %q may give the role %q, want no", a.Role, a.OrgType, unknown)
			}
		}
	}
}

// Guide 1: the type of the organization limits what a role may do.
func TestViewOnlyOrganizationsDoNotEdit(t *testing.T) {
	for a := range everyActor {
		for _, p := range []Permission{EditClient, EnterClient, ImportClients} {
			if slices.Contains(viewOnly, a.OrgType) && a.May(p) {
				t.Errorf("%q of %q may %q, want no", a.Role, a.OrgType, p)
			}
		}
	}
}

func TestEveryOrdinaryRoleViews(t *testing.T) {
	for a := range everyActor {
		want := (a.Role == HelpDesk) == (a.OrgType == RegistryStaff)
		if a.May(ViewClient) != want {
			t.Errorf("%q of %q may view clients = %v, want %v", a.Role, a.OrgType, !want, want)
		}
	}
}

// A greater role may do all that a lesser one may.
func TestRolesOnlyAdd(t *testing.T) {
	ordinary := []Role{ReportsOnly, TypicalUser, OrgAdmin}
	for i, lesser := range ordinary[:2] {
		greater := ordinary[i+1]
		for _, o := range OrgTypes {
			for _, p := range Permissions {
				if (Actor{Role: lesser, OrgType: o}).May(p) && !(Actor{Role: greater, OrgType: o}).May(p) {
					t.Errorf("in %q, %q may %q and %q may not", o, lesser, p, greater)
				}
			}
		}
	}
}

// Only the registry's own staff see hidden clients, and nobody else can make
// someone who does.
func TestHelpDeskIsTheRegistrysOwn(t *testing.T) {
	for a := range everyActor {
		desk := a.Role == HelpDesk && a.OrgType == RegistryStaff
		for _, p := range []Permission{SeeHidden, UnlockAny, ReverseDeceased, CorrectBirthDate, ActForAny, ManageAnyUsers} {
			if a.May(p) != desk {
				t.Errorf("%q of %q may %q = %v, want %v", a.Role, a.OrgType, p, !desk, desk)
			}
		}
		a.Organization = "own"
		for _, o := range OrgTypes {
			for _, id := range []OrganizationID{"own", "other"} {
				if a.MayGrant(HelpDesk, Organization{ID: id, Type: o}) && (!desk || o != RegistryStaff) {
					t.Errorf("%q of %q may make someone Help Desk of %s %q", a.Role, a.OrgType, id, o)
				}
				if id == "other" && !desk && a.MayGrant(ReportsOnly, Organization{ID: id, Type: o}) {
					t.Errorf("%q of %q may give a role in another organization", a.Role, a.OrgType)
				}
			}
		}
	}
}
