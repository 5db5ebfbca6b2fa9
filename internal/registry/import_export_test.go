package registry

import (
	"context"
	"testing"
	"time"
)

// SetUploadStep makes the work on files write after so few rows.
func SetUploadStep(t *testing.T, n int) {
	step, dose := uploadStep, uploadStepDose
	uploadStep, uploadStepDose = n, n
	t.Cleanup(func() { uploadStep, uploadStepDose = step, dose })
}

// SetUploadLife makes files be kept for so long.
func SetUploadLife(t *testing.T, d time.Duration) {
	was := uploadLife
	uploadLife = d
	t.Cleanup(func() { uploadLife = was })
}

// Turn is one turn of RunUploads.
func (r *Registry) Turn(ctx context.Context) (worked bool, err error) { return r.turn(ctx) }
