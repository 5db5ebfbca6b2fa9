// Package sample invents people: a population for demonstrations, tests and
// benchmarks that looks like a state's registry and holds nobody who lives.
//
//	population.go    Population, the stream of people; Person, one of them
//	household.go     who lives together, and what they share
//	person.go        one client of a household: dates, contacts, memberships
//	life.go          what happened since: new names, moves, comments, death
//	duplicate.go     the same person entered twice, with errors
//	history.go       what each was given, and who recorded it
//	routine.go grown.go season.go   doses by age, and by season
//	product.go       vaccines as they were on the market, and their lots
//	guide.go         the guide's own people, and clients made by hand for try-outs
//	guide_dose.go    their doses
//	organization.go  the forty organizations
//	account.go       the accounts of the demonstration
//	announcement.go  what the home page announces
//	name.go place.go draw.go   names, places and how they are drawn
//
// The same seed gives the same people on every machine and in every release
// that does not say otherwise. The package never reads a clock, a file or a
// database.
package sample
