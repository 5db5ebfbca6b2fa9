package registry_test

import (
	"fmt"
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

// checkedAgain says anew how the columns of a file are read, by their names of ours,
// and has it checked by a registry that was just begun.
func checkedAgain(t *testing.T, db *store.DB, reg *registry.Registry, id, columns string) {
	t.Helper()
	if err := reg.ColumnsAgain(t.Context(), sender, id); err != nil {
		t.Fatal(err)
	}
	m := roster.Mapping{Columns: strings.Split(columns, ","), Dates: uploadNow(t, reg, id).Mapping.Dates}
	if err := reg.CheckUpload(t.Context(), sender, id, m); err != nil {
		t.Fatal(err)
	}
	work(t, db, id)
}

// chosen are the close matches of a file with what is chosen for them, and the lines
// of the choices that were not kept.
func chosen(t *testing.T, reg *registry.Registry, id string) (list []string) {
	t.Helper()
	rows, err := reg.UploadRows(t.Context(), sender, id, registry.ImportPossible, false, 0, 99)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		list = append(list, fmt.Sprintf("%d %s", row.No, row.Choice))
	}
	v, err := reg.ReviewUpload(t.Context(), sender, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range v.Lost {
		list = append(list, fmt.Sprintf("line %d lost", line))
	}
	return list
}

// TestUploadChoicesKept: what was chosen for rows stands when the file is checked
// anew, as long as they say the same of the person; else it is told which do not, and
// it stands again once they do.
func TestUploadChoicesKept(t *testing.T) {
	registry.SetUploadStep(t, 2)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		const all = "last_name,first_name,birth_date,gender,email,race,middle_name"
		u := send(t, reg, registry.ImportOfClients, all+"\n"+
			"Duck,Donald,2009-09-21,M,,2106-3,\n"+
			"Duck,Donny,2009-09-21,M,,2106-3,\n"+
			"Duck,Donovan,2009-09-21,M,,2106-3,\n"+
			"Duck,Dona,2009-09-21,M,,2106-3,Quentin\n"+
			"Duck,Donard,2009-09-21,M,,2106-3,\n")
		work(t, db, u.ID)
		don := string(sample.Don)
		choices := map[int]string{1: don, 2: "new", 3: "out", 4: don}
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, choices); err != nil {
			t.Fatal(err)
		}
		whole := []string{"1 " + don, "2 new", "3 out", "4 " + don, "5 "}
		for _, test := range []struct {
			name, columns string
			want          []string
		}{
			{"the same columns", all, whole},
			{"without a column that says nothing of who it is", "last_name,first_name,birth_date,gender,email,,middle_name", whole},
			{"without one that is empty", "last_name,first_name,birth_date,gender,,race,middle_name", whole},
			{"without one that tells who one of them is", "last_name,first_name,birth_date,gender,email,race,",
				[]string{"1 " + don, "2 new", "3 out", "4 ", "5 ", "line 5 lost"}},
			{"with it once more", all, whole},
			{"with first and last name in each other's place", "first_name,last_name,birth_date,gender,email,race,middle_name",
				[]string{"line 2 lost", "line 3 lost", "line 4 lost", "line 5 lost"}},
			{"as at first", all, whole},
		} {
			checkedAgain(t, db, reg, u.ID, test.columns)
			got := chosen(t, reg, u.ID)
			// What of those with swapped names is a close match is for the matcher to say.
			if !slices.Contains(test.want, "5 ") {
				got = slices.DeleteFunc(got, func(s string) bool { return strings.HasSuffix(s, " ") })
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.name, diff)
			}
		}
		// What is chosen anew counts, and is not told as lost.
		checkedAgain(t, db, reg, u.ID, "last_name,first_name,birth_date,gender,email,race,")
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{4: "out"}); err != nil {
			t.Fatal(err)
		}
		want := []string{"1 " + don, "2 new", "3 out", "4 out", "5 "}
		if diff := cmp.Diff(want, chosen(t, reg, u.ID)); diff != "" {
			t.Errorf("chosen anew (-want +got):\n%s", diff)
		}
		approve(t, reg, u.ID, registry.Approval{})
		work(t, db, u.ID)
		if got, want := outcomes(t, reg, u.ID), "1 changed, 1 new, 3 possible"; got != want {
			t.Errorf("taken in = %s, want %s", got, want)
		}
	})
}

// TestUploadChoicesKeptHalfway: a choice outlasts a check that is broken off before it
// comes to its row, and goes with the file.
func TestUploadChoicesKeptHalfway(t *testing.T) {
	registry.SetUploadStep(t, 1)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		const columns = "last_name,first_name,birth_date,gender"
		u := send(t, reg, registry.ImportOfClients, columns+"\nDuck,Donald,2009-09-21,M\nDuck,Donny,2009-09-21,M\nDuck,Dona,2009-09-21,M\n")
		work(t, db, u.ID)
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: "new", 3: "out"}); err != nil {
			t.Fatal(err)
		}
		if err := reg.ColumnsAgain(t.Context(), sender, u.ID); err != nil {
			t.Fatal(err)
		}
		if err := reg.CheckUpload(t.Context(), sender, u.ID, u.Mapping); err != nil {
			t.Fatal(err)
		}
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		if got := uploadNow(t, reg, u.ID); got.State != registry.UploadChecking {
			t.Fatalf("the file is %s after a step, want checking", got.State)
		}
		checkedAgain(t, db, reg, u.ID, columns)
		if diff := cmp.Diff([]string{"1 new", "2 ", "3 out"}, chosen(t, reg, u.ID)); diff != "" {
			t.Errorf("choices (-want +got):\n%s", diff)
		}
		// A check that is given up, for whoever may not import any more, keeps them too.
		if err := reg.ColumnsAgain(t.Context(), sender, u.ID); err != nil {
			t.Fatal(err)
		}
		if err := reg.CheckUpload(t.Context(), sender, u.ID, u.Mapping); err != nil {
			t.Fatal(err)
		}
		if err := reg.WorkUpload(t.Context(), u.ID, 0); err != nil {
			t.Fatal(err)
		}
		grantSender(t, db, iis.ReportsOnly)
		work(t, db, u.ID)
		grantSender(t, db, sender.Role)
		if err := reg.CheckUpload(t.Context(), sender, u.ID, u.Mapping); err != nil {
			t.Fatal(err)
		}
		work(t, db, u.ID)
		if diff := cmp.Diff([]string{"1 new", "2 ", "3 out"}, chosen(t, reg, u.ID)); diff != "" {
			t.Errorf("choices after a check that was given up (-want +got):\n%s", diff)
		}
		if err := reg.ColumnsAgain(t.Context(), sender, u.ID); err != nil {
			t.Fatal(err)
		}
		if err := reg.DropUpload(t.Context(), sender, u.ID); err != nil {
			t.Errorf("DropUpload of a file with choices = %v", err)
		}
	})
}

// TestUploadChoiceBesideAnother: that a row is of a new client does not stand where it is
// like a client now with whom nobody has compared it; what else was chosen does.
func TestUploadChoiceBesideAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reg := uploader(t, db)
		const columns = "last_name,first_name,birth_date,gender"
		u := send(t, reg, registry.ImportOfClients, columns+"\nDuck,Donald,2009-09-21,\nDuck,Donald,2009-09-21,\nDuck,Donald,2009-09-21,\n")
		work(t, db, u.ID)
		alike := func() (n int) {
			t.Helper()
			rows, err := reg.UploadRows(t.Context(), sender, u.ID, registry.ImportPossible, false, 0, 99)
			if err != nil || len(rows) != 3 {
				t.Fatalf("%d close matches, %v; want 3", len(rows), err)
			}
			return len(rows[0].Alike)
		}
		don := string(sample.Don)
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: "new", 2: "out", 3: don}); err != nil {
			t.Fatal(err)
		}
		if n := alike(); n != 1 {
			t.Fatalf("the first row is like %d clients, want 1", n)
		}
		checkedAgain(t, db, reg, u.ID, columns)
		if diff := cmp.Diff([]string{"1 new", "2 out", "3 " + don}, chosen(t, reg, u.ID)); diff != "" {
			t.Errorf("beside the same client (-want +got):\n%s", diff)
		}
		take(t, reg, registry.ImportOptions{EnterPossible: true},
			row("last", "Duck", "first", "Donny", "birth", "09/21/2009", "gender", "M", "chart", "Z-9"))
		for range 2 {
			checkedAgain(t, db, reg, u.ID, columns)
			if n := alike(); n != 2 {
				t.Fatalf("the first row is like %d clients, want 2", n)
			}
			if diff := cmp.Diff([]string{"1 ", "2 out", "3 " + don, "line 2 lost"}, chosen(t, reg, u.ID)); diff != "" {
				t.Errorf("beside another client (-want +got):\n%s", diff)
			}
		}
		if err := reg.ChooseUploadRows(t.Context(), sender, u.ID, map[int]string{1: "new"}); err != nil {
			t.Fatal(err)
		}
		checkedAgain(t, db, reg, u.ID, columns)
		if diff := cmp.Diff([]string{"1 new", "2 out", "3 " + don}, chosen(t, reg, u.ID)); diff != "" {
			t.Errorf("chosen beside both (-want +got):\n%s", diff)
		}
	})
}
