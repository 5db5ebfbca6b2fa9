package main

import (
	"fmt"
	"io"
	"strings"
)

// latin1 reads ISO-8859-1, which CDC says its vaccines are in.
func latin1(charset string, r io.Reader) (io.Reader, error) {
	if !strings.EqualFold(charset, "ISO-8859-1") {
		return nil, fmt.Errorf("cannot read the charset %q", charset)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(rune(c))
	}
	return strings.NewReader(b.String()), nil
}
