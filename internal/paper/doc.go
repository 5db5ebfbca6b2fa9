// Package paper says what printed records say: the official immunization record
// and the immunizations needed. It turns the facts of a client into a [Document],
// which is shown as a page and written as a PDF by others, so that the two cannot
// differ. It holds the labels in both languages, the digest by which a change is
// noticed, and the code by which a record is verified.
//
// It is pure but for [NewCode], which draws at random: no clock, no files. The
// registry calls it for facts, digests and codes, the web for documents.
package paper
