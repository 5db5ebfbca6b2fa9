package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"openiis.org/iis"
)

// UploadRow is what would become, or has become, of one row of a file that was
// sent.
type UploadRow struct {
	No      int // from 1
	Line    int // of the file
	Cells   []string
	Outcome string
	Client  iis.ClientID
	Reason  string         // why it is not taken in; never what it holds
	Alike   []iis.ClientID // clients whose it may be
	Fields  []string       // what it changes
	Renames bool           // it changes a name or birth date
	Choice  string         // what a person has chosen for it: "new", "out" or the ID of a client
	Mark    string         // of what it says of the person; "" if there is nothing to choose
}

const uploadRowColumns = `
row_no, line, cells, outcome, client_id, reason, alike, fields, renames, choice, mark`

// textList scans words with spaces between.
type textList []string

// Scan implements sql.Scanner.
func (l *textList) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("scan %T as words", v)
	}
	*l = strings.Fields(s)
	return nil
}

// clientList scans the IDs of clients with spaces between.
type clientList []iis.ClientID

// Scan implements sql.Scanner.
func (l *clientList) Scan(v any) error {
	var words textList
	if err := words.Scan(v); err != nil {
		return err
	}
	*l = nil
	for _, id := range words {
		*l = append(*l, iis.ClientID(id))
	}
	return nil
}

func scanUploadRow(r *sql.Rows) (UploadRow, error) {
	var u UploadRow
	var cells string
	var alike clientList
	var fields textList
	if err := r.Scan(&u.No, &u.Line, &cells, &u.Outcome, &u.Client, &u.Reason, &alike, &fields, &u.Renames, &u.Choice, &u.Mark); err != nil {
		return u, err
	}
	u.Alike, u.Fields = alike, fields
	return u, json.Unmarshal([]byte(cells), &u.Cells)
}

func alikeText(ids []iis.ClientID) string {
	var b strings.Builder
	for _, id := range ids {
		b.WriteString(string(id) + " ")
	}
	return strings.TrimSpace(b.String())
}

// AddUploadRow keeps what would become of a row. One that is there already is a
// Conflict.
func (tx *Tx) AddUploadRow(ctx context.Context, upload string, r UploadRow) error {
	cells, err := json.Marshal(r.Cells)
	if err != nil {
		return fmt.Errorf("encode row %d of upload %s: %w", r.No, upload, err)
	}
	n, err := tx.execN(ctx, `
INSERT INTO upload_row (upload_id, row_no, line, cells, outcome, client_id, reason, alike, fields, renames, choice, mark)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (upload_id, row_no) DO NOTHING`,
		upload, r.No, r.Line, string(cells), r.Outcome, r.Client, r.Reason, alikeText(r.Alike), strings.Join(r.Fields, " "), r.Renames, r.Choice, r.Mark)
	if err == nil && n == 0 {
		return errUploadTaken
	}
	return wrap(err, "add a row of upload", upload)
}

// TakeUploadRow notes what has become of a row that was taken in. One that was
// taken in already is a Conflict.
func (tx *Tx) TakeUploadRow(ctx context.Context, upload string, r UploadRow) error {
	n, err := tx.execN(ctx, `
UPDATE upload_row
SET outcome = $3, client_id = $4, reason = $5, alike = $6, fields = $7, renames = $8, taken = TRUE
WHERE upload_id = $1 AND row_no = $2 AND NOT taken`,
		upload, r.No, r.Outcome, r.Client, r.Reason, alikeText(r.Alike), strings.Join(r.Fields, " "), r.Renames)
	if err == nil && n == 0 {
		return errUploadTaken
	}
	return wrap(err, "take a row of upload", upload)
}

// UploadRowsDone returns the numbers of rows that were looked at, or with taken
// those that were taken in.
func (tx *Tx) UploadRowsDone(ctx context.Context, upload string, taken bool) ([]int, error) {
	rows, err := tx.query(ctx, `
SELECT row_no
FROM upload_row
WHERE upload_id = $1 AND (taken OR NOT $2)
ORDER BY row_no`, upload, taken)
	return collect(rows, err, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) })
}

// CountUploadRowsDone counts them.
func (tx *Tx) CountUploadRowsDone(ctx context.Context, upload string, taken bool) (n int, err error) {
	err = tx.queryRow(ctx, `
SELECT count(*)
FROM upload_row
WHERE upload_id = $1 AND (taken OR NOT $2)`, upload, taken).Scan(&n)
	return n, err
}

// UploadCount is how many rows of an outcome there are.
type UploadCount struct {
	Rows    int
	Renames int // of them, those that change a name or birth date
}

// CountUploadRows counts the rows of each outcome.
func (tx *Tx) CountUploadRows(ctx context.Context, upload string) (map[string]UploadCount, error) {
	rows, err := tx.query(ctx, `
SELECT outcome, count(*), count(*) FILTER (WHERE renames)
FROM upload_row
WHERE upload_id = $1
GROUP BY outcome`, upload)
	list, err := collect(rows, err, func(r *sql.Rows) (c struct {
		outcome string
		UploadCount
	}, err error) {
		return c, r.Scan(&c.outcome, &c.Rows, &c.Renames)
	})
	if err != nil {
		return nil, err
	}
	counts := make(map[string]UploadCount, len(list))
	for _, c := range list {
		counts[c.outcome] = c.UploadCount
	}
	return counts, nil
}

// UploadRows returns the rows of an outcome after a number, in order; with renames
// only those that change a name or birth date.
func (tx *Tx) UploadRows(ctx context.Context, upload, outcome string, renames bool, after, limit int) ([]UploadRow, error) {
	rows, err := tx.query(ctx, `
SELECT `+uploadRowColumns+`
FROM upload_row
WHERE upload_id = $1 AND outcome = $2 AND row_no > $3 AND (renames OR NOT $4)
ORDER BY row_no
LIMIT $5 + 0`, upload, outcome, after, renames, limit)
	return collect(rows, err, scanUploadRow)
}

// UploadRow returns one row.
func (tx *Tx) UploadRow(ctx context.Context, upload string, no int) (UploadRow, error) {
	rows, err := tx.query(ctx, `
SELECT `+uploadRowColumns+`
FROM upload_row
WHERE upload_id = $1 AND row_no = $2`, upload, no)
	list, err := collect(rows, err, scanUploadRow)
	if err == nil && len(list) == 0 {
		return UploadRow{}, iis.Errorf(iis.NotFound, "no such row")
	}
	if err != nil {
		return UploadRow{}, err
	}
	return list[0], nil
}

// DeleteUploadRows forgets what would become of the rows of a file. What was chosen
// for them is kept.
func (tx *Tx) DeleteUploadRows(ctx context.Context, upload string) error {
	if err := tx.keepUploadChoices(ctx, upload); err != nil {
		return err
	}
	return tx.exec(ctx, `
DELETE FROM upload_row
WHERE upload_id = $1`, upload)
}
