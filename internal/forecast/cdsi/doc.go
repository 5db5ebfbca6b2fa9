// Package cdsi reads the supporting data of CDC's Clinical Decision Support for
// Immunization (CDSi): the XML files of a release, checked strictly, and the
// compact form of the same release that ships inside the program. It knows what
// the data says and nothing of what follows from it; that is package forecast,
// its only caller.
package cdsi
