package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// matched runs a command of match and returns the lines it answers, and what it
// says beside them.
func matched(t *testing.T, in string, args ...string) (lines []string, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"match"}, args...), strings.NewReader(in), &out, &errs); code != exitOK {
		t.Fatalf("match ends with %d: %s", code, errs.String())
	}
	if out.Len() == 0 {
		return nil, errs.String()
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), errs.String()
}

// TestMatchPairsGoesOn sees every line answered in its place, the bad ones with
// an error.
func TestMatchPairsGoesOn(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"a","a":{"last":"Duck","first":"Donald","birthDate":"2009-09-21"},"b":{"last":"Goose","first":"Gus","birthDate":"1950"}}`,
		`junk`,
		``,
		`{"id":7,"a":{"last":"Duck"}}`,
		`{"id":"c","a":{"last":"Duck","birthDate":"soon"},"b":{}}`,
		`{"id":"d","a":{"birthOrder":"first"},"b":{}}`,
		`{"id":"e","a":{},"b":{},"more":1}`,
	}, "\n")
	want := []string{
		`{"id":"a","answer":"different"`,
		`{"id":null,"error":"the line is not JSON`,
		`{"id":7,"error":"there is no a or no b"}`,
		`{"id":"c","error":"a: birthDate is not like 2009-09-21, 2009-09 or 2009"}`,
		`{"id":"d","error":"a.birthOrder: string where whole number is wanted"}`,
		`{"id":"e","answer":"different","score":0,"why":[]}`,
	}
	for _, args := range [][]string{{"pairs"}, {"pairs", "--train"}} {
		got, _ := matched(t, in, args...)
		if len(got) != len(want) {
			t.Fatalf("%v: %d lines, want %d", args, len(got), len(want))
		}
		for i := range got {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%v: line %d = %s, want %s…", args, i, got[i], want[i])
			}
		}
	}
}

func TestMatchLink(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, lines ...string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const duck = `"last":"Duck","first":"Donald","birthDate":"2009-09-21","phone":"6515550123","street":"12 Pond Rd","zip":"55112"}`
	const goose = `"last":"Goose","first":"Gus","birthDate":"1999-01-02","phone":"6515550777","street":"9 Farm Rd","zip":"55101"}`
	a := write("a.ndjson", `{"id":1,`+goose, `{"id":"x",`+duck, `broken`, `{"id":"y",`+duck)
	b := write("b.ndjson", `{"id":"p",`+duck, `{"id":"q",`+goose)
	const bad = `{"id":null,"error":"the line is not JSON from byte 1 on"}`
	for _, test := range []struct {
		name string
		args []string
		in   string
		want []string
		said string
	}{
		{"within one", []string{"--a", a}, "", []string{bad, `{"a":"x","b":"y","answer":"same"`}, "1 pairs compared\n"},
		{"between two", []string{"--a", a, "--b", b}, "", []string{bad, `{"a":1,"b":"q","answer":"same"`,
			`{"a":"x","b":"p","answer":"same"`, `{"a":"y","b":"p","answer":"same"`}, "3 pairs compared\n"},
		{"standard input", []string{"--a", "-"}, `{"id":"x",` + duck, nil, "0 pairs compared\n"},
	} {
		got, said := matched(t, test.in, append([]string{"link"}, test.args...)...)
		short := make([]string, 0, len(got))
		for i, line := range got {
			if i < len(test.want) {
				line = line[:min(len(line), len(test.want[i]))]
			}
			short = append(short, line)
		}
		if diff := cmp.Diff(test.want, short, cmp.Transformer("", func(l []string) string { return strings.Join(l, "\n") })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if said != test.said {
			t.Errorf("%s: says %q, want %q", test.name, said, test.said)
		}
	}
}
