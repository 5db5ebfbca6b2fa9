package store_test

import (
	"testing"
	"time"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
	"openiis.org/iis/internal/store/storetest"
)

func TestComments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		id := withClient(t, db)
		day := func(y int) iis.Date { return iis.Date{Year: y, Month: time.May, Day: 23} }
		want := []iis.Comment{
			{ID: "C4", Code: "one", Date: day(2020), By: "a", ByName: "Clinic a", Entered: noon.Add(time.Hour)},
			{ID: "C3", Code: "two", Date: day(2022), By: "b", ByName: "Clinic b", Entered: noon},
			{ID: "C1", Code: "two", Date: day(2022), By: "a", ByName: "Clinic a", Entered: noon.Add(time.Microsecond)},
			{ID: "C2", Code: "one", By: "a", ByName: "Clinic a", Entered: noon.Add(-time.Hour)},
		}
		comments := func() []iis.Comment {
			return ask(t, db, func(tx *store.Tx) ([]iis.Comment, error) { return tx.Comments(t.Context(), id) })
		}
		put := func(m iis.Comment) {
			t.Helper()
			write(t, db, func(tx *store.Tx) error { return tx.PutComment(t.Context(), id, m) })
		}
		for i := range want {
			put(want[len(want)-1-i])
		}
		same(t, "Comments by date, undated last", comments(), want)

		refused(t, db, iis.Internal, "a comment without a code", func(tx *store.Tx) error {
			return tx.PutComment(t.Context(), id, iis.Comment{ID: "C5", Entered: noon})
		})
		for _, s := range nasty[1:] {
			want[0].Code = iis.CommentCode(s)
			put(want[0])
			same(t, "changed comment", comments(), want)
		}
		for _, m := range want[1:] {
			write(t, db, func(tx *store.Tx) error { return tx.DeleteComment(t.Context(), id, m.ID) })
		}
		same(t, "after deleting", comments(), want[:1])
		refused(t, db, iis.NotFound, "deleting again", func(tx *store.Tx) error {
			return tx.DeleteComment(t.Context(), id, "C1")
		})
	})
}
