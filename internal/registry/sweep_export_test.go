package registry

import "testing"

// SetSweepStep makes sweeps write after so few clients, and after each step.
func SetSweepStep(t *testing.T, n int) {
	step, wait := sweepStep, sweepWait
	sweepStep, sweepWait = n, 0
	t.Cleanup(func() { sweepStep, sweepWait = step, wait })
}
