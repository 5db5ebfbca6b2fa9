// Package forecast says what each dose of a history counts for and what is due,
// by CDC's Clinical Decision Support for Immunization (CDSi): Logic Specification
// 4.6 over a release of its supporting data. It is pure: it reads no clock, no
// file and no database, and the same patient, day and schedule give the same
// answer. It stores nothing; whoever shows an answer asks again, since time alone
// changes it.
//
// A Schedule is made of a release (schedule.go, compile.go) and answers with Run, Count and
// Trace. A run gathers the patient (run.go), and for each antigen finds the
// series that concern it (select_relevant.go), evaluates the doses in each
// (evaluate_*.go), forecasts each (forecast_*.go) and chooses the best
// (select_*.go). The best series of its antigens make the forecasts of a vaccine
// group (group.go), and report.go puts all into a Result.
//
// Functions cite the section, table and rule of the specification they follow;
// docs/forecast.md lists those and tells where we go beyond the specification.
package forecast
