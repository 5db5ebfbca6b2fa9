package code

import (
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	b.SetBytes(int64(len(shipped)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(shipped); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if Label("8") == "" || Label("110") == "" {
			b.Fatal("no label")
		}
	}
}

func BenchmarkProductMade(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := ProductMade("110", "SKB"); !ok {
			b.Fatal("no product")
		}
	}
}

func BenchmarkOffered(b *testing.B) {
	loaded()
	b.ReportAllocs()
	for b.Loop() {
		if len(Offered()) == 0 {
			b.Fatal("none")
		}
	}
}
