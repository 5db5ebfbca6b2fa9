package match

// Weights are what each way of agreeing with what was asked counts, in tenths of
// a bit: how much more often it is found of the client who is meant than of
// another. A matching policy gives them (pair.Policy.Weights), so that searches and
// decisions weigh by one scale. They do not change.
type Weights struct {
	Last, First, Birth, Middle, Maiden, Mother Scale

	AsMiddle    int // in place of First: it is the client's middle name
	Swapped     int // added where first and last name were taken for each other
	Phone       int
	LocalPhone  int // asked without its area code
	Address     int // all that was asked of it
	OtherGender int

	// RareLast and RareFirst return what it counts more that somebody is called so, if
	// few are: less than nothing if many are. Names are folded.
	RareLast, RareFirst func(name string) int

	// Household is what last name, mother, telephone and address count together at
	// most: they say who the family is.
	Household int
}

// Scale is what each Level of a field counts; Unsaid counts nothing.
type Scale [levels]int

// enough is the score of full name and birth date. What more is asked can make
// up for what disagrees, but nobody is a lesser answer for having moved.
func (w *Weights) enough() int { return w.Last[Same] + w.First[Same] + w.Birth[Same] }

// weigh is what a level of a name counts; other, that it is another name.
func (s *Scale) weigh(l Level, other int) int {
	if l == Different {
		return other
	}
	return s[l]
}

// other is what it counts that somebody is called otherwise than asked: the rarer the
// asked name is, the more it would have told. It keeps the bounds of what disagrees.
func (s *Scale) other(n *Name, rareness func(name string) int) int {
	if n.Text() == "" {
		return 0
	}
	return max(min(s[Different]-rareness(n.Text()), -s[Same]/2), -s[Same])
}
