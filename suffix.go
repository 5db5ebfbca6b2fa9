package iis

import "slices"

// Suffixes lists the choices of Name Suffix, besides none. They are stored as
// they are shown.
var Suffixes = []string{"JR", "SR", "I", "II", "III", "IV", "V", "VI"}

// ValidSuffix reports whether s is a name suffix or none ("").
func ValidSuffix(s string) bool { return s == "" || slices.Contains(Suffixes, s) }
