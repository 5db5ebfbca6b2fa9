package iis

// Suffixes lists the choices of Name Suffix, besides none. They are stored as
// they are shown.
var Suffixes = []string{"JR", "SR", "I", "II", "III", "IV", "V", "VI"}
