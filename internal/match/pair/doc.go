// Package pair decides whether two records are of one person: the same, possibly
// the same, or different people, with a score and the reasons in words.
//
// It is pure: it reads no clock, file or database. It knows of names what
// package match knows, and of the world what its Policy says, which is data.
// The way through is
//
//	facts.go    what one record says, as written
//	profile.go  the same made ready for comparing: folded, taken apart, freed of
//	            what stands for nothing (birth.go, address.go, identifier.go)
//	grade.go    how well two records can agree in each field
//	compare.go  profiles to grades
//	policy.go   how likely each grade is between records of one person and of
//	            two, what is enough, and the guards that no sum gets past
//	decide.go   grades to an answer, a score and reasons
//	block.go    which pairs of many records are worth comparing at all
//	link.go     all pairs of a list, or between two, that are not different
//	index.go    the same for one record after the other, as a sweep needs it
//	train.go    a policy estimated from records (frequency.go, household.go)
//
// The score is that of Fellegi and Sunter (1969): for each field the logarithm
// to base 2 of how much more often records of one person agree so than records
// of two, summed. Two things are added to it, because people live together: the
// fields in which a household agrees tell no more than a Cap together, and
// guards hold back pairs whose sum deceives, twins and father and son.
package pair
