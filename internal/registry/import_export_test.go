package registry

import "testing"

// SetUploadStep makes the work on files write after so few rows.
func SetUploadStep(t *testing.T, n int) {
	step, dose := uploadStep, uploadStepDose
	uploadStep, uploadStepDose = n, n
	t.Cleanup(func() { uploadStep, uploadStepDose = step, dose })
}
