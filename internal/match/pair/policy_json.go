package pair

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// JSON writes the policy as ReadPolicy reads it, a line for each field and guard.
func (p *Policy) JSON() ([]byte, error) {
	whole, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = spread(&b, whole, 2)
	b.WriteByte('\n')
	return b.Bytes(), err
}

// spread writes JSON with a line for each member of the outer levels.
func spread(b *bytes.Buffer, v json.RawMessage, levels int) error {
	var members []json.RawMessage
	var keys []string
	d := json.NewDecoder(bytes.NewReader(v))
	open, err := d.Token()
	if err != nil {
		return err
	}
	if levels == 0 || open != json.Delim('{') && open != json.Delim('[') || len(v) < 40 {
		b.Write(v)
		return nil
	}
	for d.More() {
		if open == json.Delim('{') {
			k, err := d.Token()
			if err != nil {
				return err
			}
			keys = append(keys, strconv.Quote(k.(string)))
		}
		var m json.RawMessage
		if err := d.Decode(&m); err != nil {
			return err
		}
		members = append(members, m)
	}
	indent := strings.Repeat("\t", 3-levels)
	b.WriteByte(v[0])
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n" + indent)
		if keys != nil {
			b.WriteString(keys[i] + ": ")
		}
		if err := spread(b, m, levels-1); err != nil {
			return err
		}
	}
	b.WriteString("\n" + indent[1:])
	b.WriteByte(v[len(v)-1])
	return nil
}
