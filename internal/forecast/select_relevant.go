package forecast

// relevant reports whether a series concerns the patient: by gender, and if it is
// a risk series by an indication that holds at the patient's age.
// cdsi/4.6 §5.1, tables 5-4 and 5-5, CALCDTIND-1, CALCDTIND-2
func (r *runner) relevant(a *antigen, s *series) bool {
	if s.genders&r.genders == 0 {
		return false
	}
	if s.typ != Risk {
		return true
	}
	if !r.observed {
		return false
	}
	for i := range s.indications {
		if r.indicated(&s.indications[i]) {
			return true
		}
	}
	return false
}

// onlyLater reports whether no series against an antigen concerns the patient at
// this age, though an observation says that one will. It is then forecast from
// the age at which it does, rather than not at all.
func (r *runner) onlyLater(a *antigen) bool {
	if !r.observed {
		return false
	}
	for i := range a.series {
		if r.relevant(a, &a.series[i]) {
			return false
		}
	}
	return true
}

// laterRelevant reports whether a risk series will concern the patient by an
// indication whose age is yet to come.
func (r *runner) laterRelevant(s *series) bool {
	if s.genders&r.genders == 0 {
		return false
	}
	for i := range s.indications {
		if ind := &s.indications[i]; ind.begin != 0 && r.asOf < r.ages[ind.begin] && r.active.has(ind.obs) {
			return true
		}
	}
	return false
}

func (r *runner) indicated(i *indication) bool {
	return r.active.has(i.obs) && r.within(i.begin, i.end, r.asOf)
}
