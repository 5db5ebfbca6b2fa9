// Package code knows the codes that vaccines go by: CVX for a vaccine, MVX for
// its manufacturer, trade names, the NDC of a package and its bar code, and the vaccine
// information statements that are handed out with it, as CDC publishes them. It
// turns a code into what a person reads and says what a code belongs to.
//
// It is pure: the table is inside the program, is read at the first question and
// never changes, and any number of goroutines may ask at once. It never refuses a
// code: one that it does not know has a label all the same, so that no dose is
// ever dropped for its code. Slices inside its answers are shared and are not to
// be changed.
package code
