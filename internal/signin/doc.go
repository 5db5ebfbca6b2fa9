// Package signin answers one question: who is this request from? It checks
// passwords, begins and ends sessions, and reads a session's token back into an
// actor. What the actor may do is the policy's business, in package iis.
//
// Only the SHA-256 of a token is stored, so that a stolen copy of the database
// opens no session; every request looks its session up, so that an end takes
// effect at once.
package signin
