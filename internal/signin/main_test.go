package signin

import (
	"testing"

	"openiis.org/iis/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
