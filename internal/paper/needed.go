package paper

// Needed is the page for a family that says what is due now and what comes next.
func Needed(f Facts, lang Language, s Site) Document {
	w := writer{lang: lang}
	w.open(labelNeeded, f, s)
	w.seal(s)
	w.add(Block{Pairs: append(w.who(f, s), Pair{labelWorkedOut.in(lang), words(f.AsOf.US())})})
	now, later := f.standing(Overdue, DueNow), f.standing(DueLater)
	w.heading(2, labelNow.in(lang))
	if len(now) == 0 {
		w.paragraph(labelNothingNow)
	} else {
		w.due(labelNow, now, true)
	}
	w.heading(2, labelLater.in(lang))
	if len(later) == 0 {
		w.paragraph(labelNothing)
	} else {
		w.due(labelLater, later, true)
	}
	w.lapsed(f)
	w.paragraph(labelAsk)
	w.small(labelReported)
	w.small(labelDates)
	return w.Document
}

// standing are the vaccine groups that stand so, in the order of the standings
// asked for.
func (f Facts) standing(list ...Standing) []Due {
	var due []Due
	for _, s := range list {
		for _, d := range f.Due {
			if d.Standing == s {
				due = append(due, d)
			}
		}
	}
	return due
}
