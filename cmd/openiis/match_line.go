package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// byteOrderMark is what some programs write before the first line.
var byteOrderMark = []byte("\xef\xbb\xbf")

func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// eachLine calls f with each line that is not empty. What was written to out is
// sent on whenever whoever asks may be waiting for it.
func eachLine(ctx context.Context, in io.Reader, out *bufio.Writer, f func([]byte) error) error {
	r := bufio.NewReaderSize(in, 1<<18)
	if b, _ := r.Peek(len(byteOrderMark)); bytes.Equal(b, byteOrderMark) { // fewer bytes are read below
		_, _ = r.Discard(len(byteOrderMark)) // they are in the buffer
	}
	var long []byte // a line longer than the buffer
	for ctx.Err() == nil {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, line...)
			continue
		}
		if len(long) > 0 {
			long = append(long, line...)
			line = long
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := f(line); err != nil {
				return err
			}
		}
		long = long[:0]
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// lineID finds the id of a line of which something else cannot be read, also
// where the line breaks off after it; nil if there is none.
func lineID(line []byte) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil
		}
		if name, ok := key.(string); ok && strings.EqualFold(name, "id") {
			return value
		}
	}
	return nil
}

// fault says what is wrong with a line without saying what stands in it, which is
// a person's.
func fault(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		is, _, _ := strings.Cut(wrong.Value, " ")
		// Facts is where the fields of a record are for us, not for who writes one.
		where := strings.ReplaceAll("."+wrong.Field, ".Facts.", ".")
		return fmt.Errorf("%s: %s where %s is wanted", cmp.Or(strings.TrimPrefix(where, "."), "the line"), is, kind(wrong.Type))
	}
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("the line is not JSON from byte %d on", wrong.Offset)
	}
	return errors.New("the line is not JSON")
}

// kind names a type as JSON has it.
func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.Int:
		return "whole number"
	case reflect.Slice:
		return "array"
	case reflect.Struct:
		return "object"
	}
	return "string"
}
