// Package match compares people: how names are folded and sound, how far two
// spellings are apart, which names belong together, under which keys a client
// is filed, and how well a client answers what was asked for, with the reasons
// in words.
//
// It is pure: it reads no clock, file or database, and its tables are values.
// The registry calls it to file clients, to rank what a search found and to
// look for the same person before a new client is entered. The way through is
//
//	fold.go        text to folded names
//	phonetic.go    how a name sounds
//	distance.go    how far two spellings are apart
//	nickname.go    DON and DONALD
//	vocabulary.go  all names on file that are one letter from a given one
//	keys.go        under what a client is filed
//	compare.go     levels of agreement of one field
//	weights.go     what a level counts, which a matching policy says
//	rank.go        the levels of all fields summed: score and strength
//	reason.go      why, in words
package match
