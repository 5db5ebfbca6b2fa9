package store

import (
	"fmt"
	"strings"
	"time"

	"openiis.org/iis"
)

// instant scans a TIMESTAMP into a time.Time: UTC, and NULL as the zero time.
type instant time.Time

// Scan implements sql.Scanner.
func (t *instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = instant{}
	case time.Time:
		*t = instant(v.UTC())
	default:
		return fmt.Errorf("scan %T as an instant", v)
	}
	return nil
}

// codes scans a comma-joined list of codes; no codes are a nil slice.
type codes []string

// Scan implements sql.Scanner.
func (c *codes) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("scan %T as codes", v)
	}
	*c = nil
	if s != "" {
		*c = strings.Split(s, ",")
	}
	return nil
}

// orMissing turns a statement that should have met a row and met none into a
// NotFound.
func orMissing(n int64, err error, text string) error {
	if err == nil && n == 0 {
		return iis.Errorf(iis.NotFound, "%s", text)
	}
	return err
}
