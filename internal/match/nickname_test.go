package match

import (
	"slices"
	"testing"
)

func TestNicknames(t *testing.T) {
	for _, pair := range [][2]string{{"DONALD", "DON"}, {"WILLIAM", "BILL"}, {"ROBERT", "BOB"}, {"KATHERINE", "KATE"}, {"ELIZABETH", "BETH"}} {
		if !IsNickname(pair[0], pair[1]) || !IsNickname(pair[1], pair[0]) {
			t.Errorf("IsNickname(%q, %q) = false in one direction", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"AARON", "ERIN"}, {"AARON", "RONALD"}, {"DON", "DON"}, {"DON", "MARY"}, {"", "DON"}} {
		if IsNickname(pair[0], pair[1]) {
			t.Errorf("IsNickname(%q, %q) = true", pair[0], pair[1])
		}
	}
	if got := Nicknames("DON"); !slices.Contains(got, "DONALD") || !slices.IsSorted(got) {
		t.Errorf("Nicknames(DON) = %q", got)
	}
	for name, list := range nicknames() {
		if Fold(name) != name || slices.Contains(list, name) || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("Nicknames(%q) = %q", name, list)
		}
	}
}
