package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"openiis.org/iis/internal/match/pair"
)

// TestMatchLines answers lines of every kind one by one.
func TestMatchLines(t *testing.T) {
	const duck = `{"id":"d","last":"Duck","first":"Donald","middle":"F","suffix":"Jr","aliases":[{"last":"Drake","first":"Donny"}],` +
		`"birthDate":"2009-09-21","gender":"M","street":"12 Pond Rd","city":"Duckburg","state":"MN","zip":"55112","phone":"651-555-0123",` +
		`"email":"d@duck.org","motherMaidenLast":"McDuck","motherFirst":"Hortense","multipleBirth":true,"birthOrder":1,` +
		`"ids":[{"system":"SSN","value":"219-09-9998"}]}`
	for _, test := range []struct{ name, line, want string }{
		{"every field", `{"id":"1","a":` + duck + `,"b":` + duck + `}`, `{"id":"1","answer":"same"`},
		{"partial dates", `{"id":"1","a":{"last":"Duck","birthDate":"2009"},"b":{"last":"Duck","birthDate":"2009-09"}}`, `{"id":"1","answer":"different"`},
		{"null in every field", `{"id":"1","a":{"last":null,"aliases":[null],"birthDate":null,"multipleBirth":null,"birthOrder":null,"ids":[null]},"b":{}}`, `{"id":"1","answer":"different","score":0,"why":[]}`},
		{"fields nobody knows", `{"id":"1","a":{"shoe":{"size":[44]}},"b":{},"more":1}`, `{"id":"1","answer":"different"`},
		{"an end of line of two characters", "{\"id\":1,\"a\":{},\"b\":{}}\r", `{"id":1,"answer":"different"`},
		{"a byte order mark", "\xef\xbb\xbf{\"id\":1,\"a\":{},\"b\":{}}", `{"id":1,"answer":"different"`},
		{"an id as it was written", `{"id":12.50,"a":{},"b":{}}`, `{"id":12.50,"answer"`},
		{"no id", `{"a":{},"b":{}}`, `{"id":null,"answer"`},
		{"an id that is no text", "{\"id\":\"\xff\",\"a\":{},\"b\":{}}", "{\"id\":\"\ufffd\",\"answer\""},
		{"a name that is no text", "{\"id\":1,\"a\":{\"last\":\"M\xfcller\"},\"b\":{\"last\":\"M\xfcller\"}}", `{"id":1,"answer"`},
		{"one that breaks off", `{"id":"1","a":{"last":"Duck"`, `{"id":"1","error":"the line is not JSON from byte 29 on"}`},
		{"more than one object", `{"id":"1","a":{},"b":{}} {}`, `{"id":"1","error":"the line is not JSON`},
		{"the id last", `{"a":{"last":"Duck"},"b":{"first":5},"id":"1"}`, `{"id":"1","error":"b.first: number where string is wanted"}`},
		{"a number for a text", `{"id":"1","a":{"zip":55112},"b":{}}`, `{"id":"1","error":"a.zip: number where string is wanted"}`},
		{"a text for a number", `{"id":"1","a":{"birthOrder":"2"},"b":{}}`, `{"id":"1","error":"a.birthOrder: string where whole number is wanted"}`},
		{"a text for yes or no", `{"id":"1","a":{"multipleBirth":"Duck"},"b":{}}`, `{"id":"1","error":"a.multipleBirth: string where bool is wanted"}`},
		{"one identifier, no list", `{"id":"1","a":{"ids":{"system":"SSN"}},"b":{}}`, `{"id":"1","error":"a.ids: object where array is wanted"}`},
		{"a number in an identifier", `{"id":"1","a":{"ids":[{"system":"SSN","value":1}]},"b":{}}`, `{"id":"1","error":"a.ids.value: number where string is wanted"}`},
		{"a list", `[1,2]`, `{"id":null,"error":"the line: array where object is wanted"}`},
		{"nothing", `null`, `{"id":null,"error":"there is no a or no b"}`},
		{"one record", `{"id":"1","a":{}}`, `{"id":"1","error":"there is no a or no b"}`},
		{"a date of words", `{"id":"1","a":{},"b":{"birthDate":"Duck"}}`, `{"id":"1","error":"b: birthDate is not like 2009-09-21, 2009-09 or 2009"}`},
		{"too deep", `{"id":"1","a":` + strings.Repeat("[", 20_000), `{"id":"1","error":"the line is not JSON`},
		{"long", `{"id":"1","a":{"last":"` + strings.Repeat("x", 1<<20) + `"},"b":{}}`, `{"id":"1","answer":"different"`},
	} {
		for _, args := range [][]string{{"pairs"}, {"pairs", "--train"}} {
			got, _ := matched(t, test.line+"\n\n", args...)
			if len(got) != 1 || !strings.HasPrefix(got[0], test.want) {
				t.Errorf("%s, %v: %.200q, want %s…", test.name, args, got, test.want)
			}
			if len(got) == 1 && strings.Contains(got[0], "error") && strings.Contains(got[0], "Duck") {
				t.Errorf("%s: the error tells a name: %s", test.name, got[0])
			}
		}
	}
}

// TestMatchPairsKeepsOrder: answers come in the order of the lines, however many,
// also of ids that are given twice.
func TestMatchPairsKeepsOrder(t *testing.T) {
	var in bytes.Buffer
	const n = 25_000
	for i := range n {
		fmt.Fprintf(&in, `{"id":%d,"a":{"last":"L%d"},"b":{"last":"L%d"}}`+"\n", i%20_000, i, i)
	}
	got, _ := matched(t, in.String(), "pairs")
	if len(got) != n {
		t.Fatalf("%d answers, want %d", len(got), n)
	}
	for i, line := range got {
		if want := fmt.Sprintf(`{"id":%d,"answer"`, i%20_000); !strings.HasPrefix(line, want) {
			t.Fatalf("line %d = %s, want %s…", i, line, want)
		}
	}
}

func TestMatchLinkRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want int
	}{
		{"no file", []string{"link"}, exitUsage},
		{"the standard input twice", []string{"link", "--a", "-", "--b", "-"}, exitUsage},
		{"a file that is not there", []string{"link", "--a", "nowhere.ndjson"}, exitFailed},
		{"a policy and training", []string{"pairs", "--train", "--policy", "match_line_test.go"}, exitUsage},
		{"a policy that is none", []string{"pairs", "--policy", "match_line_test.go"}, exitFailed},
	} {
		var out, errs bytes.Buffer
		if got := run(append([]string{"match"}, test.args...), strings.NewReader(""), &out, &errs); got != test.want || errs.Len() == 0 {
			t.Errorf("%s: match ends with %d and says %q, want %d", test.name, got, errs.String(), test.want)
		}
	}
}

// FuzzMatchPairs: whatever a line holds, it is answered by one line of JSON.
func FuzzMatchPairs(f *testing.F) {
	for _, line := range []string{
		`{"id":"1","a":{"last":"Duck","birthDate":"2009-09"},"b":{"last":"Duck","ids":[{"system":"SSN","value":"219-09-9998"}]}}`,
		`{"id":"1","a":{"aliases":[{"last":"Drake"}],"multipleBirth":true,"birthOrder":2},"b":{"street":"PO Box 7","phone":"+1 651 555 0123"}}`,
		`{"id":"1","a":{"birthDate":"l9g9-O9-2I"},"b":null}`, `{"id":{"x":["\xff"]}`, `nonsense`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.ContainsRune(line, '\n') || len(bytes.TrimSpace(bytes.TrimPrefix(line, byteOrderMark))) == 0 {
			return
		}
		var out bytes.Buffer
		w := bufio.NewWriter(&out)
		if err := errors.Join(eachPair(t.Context(), pair.Shipped(), bytes.NewReader(line), w), w.Flush()); err != nil {
			t.Fatal(err)
		}
		var answer map[string]any
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil || bytes.Count(out.Bytes(), []byte("\n")) != 1 || !utf8.Valid(out.Bytes()) {
			t.Fatalf("match pairs answers %q: %v", out.Bytes(), err)
		}
		_, answered := answer["answer"]
		if _, failed := answer["error"]; answered == failed {
			t.Errorf("match pairs answers %q, want an answer or an error", out.Bytes())
		}
	})
}
