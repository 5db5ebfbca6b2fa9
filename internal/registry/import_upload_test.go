package registry_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/roster"
	"openiis.org/iis/internal/sample"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

// sender is an administrator of Test Clinic who sends files.
var sender = iis.Actor{User: "u-sender", UserName: "sender", Name: "S. Sender", Organization: sample.TestClinic, OrgName: "Test Clinic", OrgType: iis.Clinic, Role: iis.OrgAdmin}

// uploader makes a registry with the people of the guide and the account of sender.
func uploader(t *testing.T, db *store.DB) *registry.Registry {
	t.Helper()
	reg, _ := importer(t, db)
	grantSender(t, db, iis.OrgAdmin)
	return reg
}

func grantSender(t *testing.T, db *store.DB, role iis.Role) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutUser(t.Context(), iis.User{ID: sender.User, UserName: sender.UserName, Name: sender.Name, State: iis.UserActive, Created: tx.Now}); err != nil {
			return err
		}
		return tx.PutGrant(t.Context(), iis.Grant{User: sender.User, Organization: iis.Organization{ID: sender.Organization}, Role: role})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// send keeps a file of clients and has it checked as its columns are guessed.
func send(t *testing.T, reg *registry.Registry, kind registry.ImportKind, text string) registry.Upload {
	t.Helper()
	id, err := reg.KeepUpload(t.Context(), sender, kind, text)
	if err != nil {
		t.Fatal(err)
	}
	u := uploadNow(t, reg, id)
	if err := reg.CheckUpload(t.Context(), sender, id, u.Mapping); err != nil {
		t.Fatal(err)
	}
	return uploadNow(t, reg, id)
}

func uploadNow(t *testing.T, reg *registry.Registry, id string) registry.Upload {
	t.Helper()
	u, err := reg.Upload(t.Context(), sender, id)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func approve(t *testing.T, reg *registry.Registry, id string, p registry.Approval) registry.Upload {
	t.Helper()
	if err := reg.ApproveUpload(t.Context(), sender, id, p); err != nil {
		t.Fatal(err)
	}
	return uploadNow(t, reg, id)
}

// outcomes are how many rows of a file would become, or have become, what.
func outcomes(t *testing.T, reg *registry.Registry, id string) string {
	t.Helper()
	v, err := reg.ReviewUpload(t.Context(), sender, id)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, o := range slices.Sorted(maps.Keys(v.Counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", v.Counts[o].Rows, o))
	}
	return strings.Join(parts, ", ")
}

// newcomers is a file of people of whom nobody is on file.
func newcomers(n int) string {
	var b strings.Builder
	b.WriteString("last_name,first_name,birth_date,gender,chart_number\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,Nils,%d-%02d-%02d,M,N-%d\n", strings.Repeat(string(rune('A'+i%26)), 5+i/26), 1970+i, i%12+1, i%28+1, i)
	}
	return b.String()
}

// TestUploadIsOfItsSender: to another user, and to the sender acting for another
// organization, a file is as one that never was, whatever is asked of it.
func TestUploadIsOfItsSender(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		u := send(t, reg, registry.ImportOfClients, newcomers(3))
		work(t, db, u.ID)
		other, elsewhere := sender, sender
		other.User = "u-other"
		elsewhere.Organization = sample.RiversideClinic
		ask := func(a iis.Actor, id string) (errs []string) {
			say := func(err error) { errs = append(errs, fmt.Sprint(err)) }
			_, err := reg.Upload(t.Context(), a, id)
			say(err)
			_, err = reg.UploadText(t.Context(), a, id)
			say(err)
			_, err = reg.ReviewUpload(t.Context(), a, id)
			say(err)
			_, err = reg.UploadRows(t.Context(), a, id, registry.ImportAdded, false, 0, 9)
			say(err)
			_, err = reg.BadUploadRows(t.Context(), a, id)
			say(err)
			say(reg.SetUploadColumns(t.Context(), a, id, u.Mapping))
			say(reg.CheckUpload(t.Context(), a, id, u.Mapping))
			say(reg.ColumnsAgain(t.Context(), a, id))
			say(reg.ChooseUploadRows(t.Context(), a, id, map[int]string{1: "new"}))
			say(reg.ApproveUpload(t.Context(), a, id, registry.Approval{}))
			say(reg.DropUpload(t.Context(), a, id))
			return errs
		}
		for _, a := range []iis.Actor{other, elsewhere} {
			unknown := ask(a, "NONE")
			if diff := cmp.Diff(unknown, ask(a, u.ID)); diff != "" {
				t.Errorf("a file of another (-unknown +another's):\n%s", diff)
			}
			for _, e := range unknown {
				if !strings.HasPrefix(e, "not found") {
					t.Errorf("unknown file = %s, want not found", e)
				}
			}
		}
		clerk := sender
		clerk.Role = iis.TypicalUser
		if err := reg.ApproveUpload(t.Context(), clerk, u.ID, registry.Approval{}); iis.KindOf(err) != iis.Denied {
			t.Errorf("approval by a Typical User = %v, want denied", err)
		}
		if got := uploadNow(t, reg, u.ID); got.State != registry.UploadChecked {
			t.Errorf("after all this the file is %s, want checked", got.State)
		}
	})
}

// TestUploadColumnsRemembered: the next file of the organization with the same names
// of columns, in whatever order, is read as the last one was; that of another is not.
func TestUploadColumnsRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		first, err := reg.KeepUpload(t.Context(), sender, registry.ImportOfClients, "Familie,Vor,Tag,last_name\nNeu,Nora,03.04.2019,x\n")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := uploadNow(t, reg, first).Mapping.Columns, []string{"", "", "", "last_name"}; !slices.Equal(got, want) {
			t.Errorf("guess = %q, want %q", got, want)
		}
		m := roster.Mapping{Columns: []string{"last_name", "first_name", "birth_date", ""}, Dates: roster.DayFirst}
		if err := reg.CheckUpload(t.Context(), sender, first, m); err != nil {
			t.Fatal(err)
		}
		const other = "Tag,last_name,Familie,Vor,x_reason\n"
		second, err := reg.KeepUpload(t.Context(), sender, registry.ImportOfClients, other+"03.04.2019,x,Neu,Nora,\n")
		if err != nil {
			t.Fatal(err)
		}
		want := roster.Mapping{Columns: []string{"birth_date", "", "last_name", "first_name", ""}, Dates: roster.DayFirst}
		if diff := cmp.Diff(want, uploadNow(t, reg, second).Mapping); diff != "" {
			t.Errorf("how the next file is read (-want +got):\n%s", diff)
		}
		elsewhere := sender
		elsewhere.Organization = sample.RiversideClinic
		third, err := reg.KeepUpload(t.Context(), elsewhere, registry.ImportOfClients, other+"03.04.2019,x,Neu,Nora,\n")
		if err != nil {
			t.Fatal(err)
		}
		u, err := reg.Upload(t.Context(), elsewhere, third)
		if err != nil || u.Mapping.Columns[2] != "" {
			t.Errorf("how another organization's file is read = %q, %v; want as guessed", u.Mapping.Columns, err)
		}
		for _, wrong := range []roster.Mapping{
			{Columns: []string{"last_name"}, Dates: roster.DayFirst},
			{Columns: []string{"last_name", "shoe_size", "", "", ""}, Dates: roster.DayFirst},
			{Columns: []string{"last_name", "last_name", "", "", ""}, Dates: roster.DayFirst},
			{Columns: []string{"first_name", "", "", "", ""}, Dates: roster.DayFirst},
			{Columns: []string{"last_name", "", "", "", ""}, Dates: "ydm"},
		} {
			if err := reg.CheckUpload(t.Context(), sender, second, wrong); iis.KindOf(err) != iis.Invalid {
				t.Errorf("CheckUpload(%v) = %v, want invalid", wrong, err)
			}
		}
	})
}
