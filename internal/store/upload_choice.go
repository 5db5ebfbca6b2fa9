package store

import (
	"context"
	"database/sql"

	"openiis.org/iis"
)

// UploadChoice is what a person has chosen for a row of a file that is checked anew.
type UploadChoice struct {
	No, Line int
	Mark     string // of what the row said of the person
	Choice   string
	Alike    []iis.ClientID // whose the row could have been then
}

// ChooseUploadRow notes what a person has chosen for a row that is not taken in.
func (tx *Tx) ChooseUploadRow(ctx context.Context, upload string, no int, choice string) error {
	n, err := tx.execN(ctx, `
UPDATE upload_row
SET choice = $3
WHERE upload_id = $1 AND row_no = $2 AND NOT taken`, upload, no, choice)
	return orMissing(n, err, "no such row")
}

// UploadChoices returns what was chosen for rows, by their numbers.
func (tx *Tx) UploadChoices(ctx context.Context, upload string) (map[int]string, error) {
	rows, err := tx.query(ctx, `
SELECT row_no, choice
FROM upload_row
WHERE upload_id = $1 AND choice <> ''`, upload)
	type choice struct {
		no   int
		text string
	}
	list, err := collect(rows, err, func(r *sql.Rows) (c choice, err error) { return c, r.Scan(&c.no, &c.text) })
	choices := make(map[int]string, len(list))
	for _, c := range list {
		choices[c.no] = c.text
	}
	return choices, err
}

// keepUploadChoices keeps what was chosen for rows that are about to be forgotten.
func (tx *Tx) keepUploadChoices(ctx context.Context, upload string) error {
	return wrap(tx.exec(ctx, `
INSERT INTO upload_choice (upload_id, row_no, line, mark, choice, alike)
SELECT upload_id, row_no, line, mark, choice, alike
FROM upload_row
WHERE upload_id = $1 AND choice <> ''
ON CONFLICT (upload_id, row_no) DO UPDATE
SET mark = excluded.mark, choice = excluded.choice, alike = excluded.alike`, upload), "keep the choices of upload", upload)
}

// KeptUploadChoices returns what was chosen for rows that are checked anew and for
// which nothing is chosen since, in order of their numbers.
func (tx *Tx) KeptUploadChoices(ctx context.Context, upload string) ([]UploadChoice, error) {
	rows, err := tx.query(ctx, `
SELECT c.row_no, c.line, c.mark, c.choice, c.alike
FROM upload_choice c
LEFT JOIN upload_row r ON r.upload_id = c.upload_id AND r.row_no = c.row_no
WHERE c.upload_id = $1 AND COALESCE(r.choice, '') = ''
ORDER BY c.row_no`, upload)
	return collect(rows, err, func(r *sql.Rows) (c UploadChoice, err error) {
		var alike clientList
		err = r.Scan(&c.No, &c.Line, &c.Mark, &c.Choice, &alike)
		c.Alike = alike
		return c, err
	})
}

// DropUploadChoice forgets the choice that was kept for a row: it stands again.
func (tx *Tx) DropUploadChoice(ctx context.Context, upload string, no int) error {
	return wrap(tx.exec(ctx, `
DELETE FROM upload_choice
WHERE upload_id = $1 AND row_no = $2`, upload, no), "drop a choice of upload", upload)
}
