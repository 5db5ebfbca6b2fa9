package match

import (
	"slices"
	"strings"
	"sync"
)

//go:generate go run nickname_gen.go -in names.csv -out nickname_table.go

// Nicknames returns the folded names that are a short or familiar form of a
// folded first name, or of which it is one, in alphabetical order. The relation
// is no equivalence: RON belongs to AARON and to RONALD, which do not belong
// together. The result must not be changed.
func Nicknames(first string) []string { return nicknames()[first] }

// IsNickname reports whether one of two different folded first names is a
// nickname of the other.
func IsNickname(a, b string) bool {
	_, found := slices.BinarySearch(nicknames()[a], b)
	return found
}

// nicknames unpacks nicknameTable, whose lines read "FORMAL NICK NICK …", when
// first asked.
var nicknames = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string, 2_000)
	for line := range strings.Lines(nicknameTable) {
		formal, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		for nick := range strings.SplitSeq(rest, " ") {
			m[formal] = append(m[formal], nick)
			m[nick] = append(m[nick], formal)
		}
	}
	for name, list := range m {
		slices.Sort(list)
		m[name] = slices.Compact(list)
	}
	return m
})
