package paper

import "strings"

// label is words of a record in the languages it is printed in. {name} stands for
// a value.
type label struct {
	English, Spanish string
	// Reviewed names the native speaker who has read the Spanish and found it
	// right; nobody has as long as it is empty.
	Reviewed string
}

// labels is every label there is.
var labels []*label

func newLabel(english, spanish, reviewed string) *label {
	l := &label{english, spanish, reviewed}
	labels = append(labels, l)
	return l
}

// Unreviewed counts the Spanish labels that no native speaker has reviewed, and
// all there are.
func Unreviewed() (unreviewed, all int) {
	for _, l := range labels {
		if l.Reviewed == "" {
			unreviewed++
		}
	}
	return unreviewed, len(labels)
}

// in says the label in a language, with values for what stands in braces: names
// and values in turn. Where the languages would say the same, it is said once.
func (l *label) in(lang Language, values ...string) Text {
	return both(lang, fill(l.English, values), fill(l.Spanish, values))
}

// both is text in English and, if records are in both languages, in Spanish.
func both(lang Language, english, spanish string) Text {
	t := words(english)
	if lang == Spanish && spanish != english {
		t = append(t, Span{Text: " / "}, Span{Text: spanish, Lang: "es"})
	}
	return t
}

func fill(s string, values []string) string {
	pairs := make([]string, len(values))
	for i, v := range values {
		if i%2 == 0 {
			v = "{" + v + "}"
		}
		pairs[i] = v
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// The labels. Every line ends with who reviewed its Spanish.
var (
	labelOfficial   = newLabel("Official immunization record", "Registro oficial de vacunas", "")
	labelNeeded     = newLabel("Immunizations needed", "Vacunas que se necesitan", "")
	labelPage       = newLabel("Page {n} of {m}", "Página {n} de {m}", "")
	labelName       = newLabel("Name", "Nombre", "")
	labelBirth      = newLabel("Birth date", "Fecha de nacimiento", "")
	labelIssued     = newLabel("Issued on", "Emitido el", "")
	labelIssuedBy   = newLabel("Issued by", "Emitido por", "")
	labelWorkedOut  = newLabel("Worked out on", "Calculado el", "")
	labelDates      = newLabel("Dates are month/day/year.", "Las fechas son mes/día/año.", "")
	labelReported   = newLabel("This record lists what was reported to the registry. Doses given elsewhere may be missing.", "Este registro muestra lo que se informó al sistema. Pueden faltar dosis puestas en otros lugares.", "")
	labelShots      = newLabel("Immunizations", "Vacunas", "")
	labelNoShots    = newLabel("No immunizations are on file.", "No hay vacunas registradas.", "")
	labelDate       = newLabel("Date given", "Fecha de aplicación", "")
	labelVaccine    = newLabel("Vaccine [Trade Name]", "Vacuna [nombre comercial]", "")
	labelCounts     = newLabel("Valid?", "¿Válida?", "")
	labelValid      = newLabel("Valid", "Válida", "")
	labelNotValid   = newLabel("Not valid", "No válida", "")
	labelExtra      = newLabel("Extra", "Adicional", "")
	labelNotJudged  = newLabel("Not judged", "No evaluada", "")
	labelMarks      = newLabel("Not valid: the dose does not count. Extra: given though none was needed. Not judged: the rules say nothing of the vaccine.", "No válida: la dosis no cuenta. Adicional: se puso sin ser necesaria. No evaluada: las reglas no dicen nada de la vacuna.", "")
	labelCombined   = newLabel("A vaccine against several diseases is one shot and stands under each of its groups.", "Una vacuna contra varias enfermedades es una sola inyección y aparece en cada uno de sus grupos.", "")
	labelOther      = newLabel("Other", "Otras", "")
	labelImmunity   = newLabel("Immunity", "Inmunidad", "")
	labelExemptions = newLabel("Medical exemptions", "Exenciones médicas", "")
	labelComments   = newLabel("Comments", "Comentarios", "")
	labelNone       = newLabel("None on file.", "No hay nada registrado.", "")
	labelApplies    = newLabel("Applies to", "Fecha que aplica", "")
	labelStatement  = newLabel("Statement", "Declaración", "")
	labelNoDate     = newLabel("no date", "sin fecha", "")
	labelUntil      = newLabel("{what} (until {date})", "{what} (hasta {date})", "")
	labelRecommend  = newLabel("Recommendations", "Recomendaciones", "")
	labelGroup      = newLabel("Vaccine group", "Grupo de vacunas", "")
	labelStatus     = newLabel("Status", "Estado", "")
	labelDueOn      = newLabel("Recommended on", "Recomendada el", "")
	labelPastDue    = newLabel("Overdue from", "Atrasada desde", "")
	labelOverdue    = newLabel("Overdue", "Atrasada", "")
	labelDueNow     = newLabel("Due now", "Toca ahora", "")
	labelDueLater   = newLabel("Due later", "Toca más adelante", "")
	labelComplete   = newLabel("Complete", "Completa", "")
	labelImmune     = newLabel("Immune", "Inmune", "")
	labelContra     = newLabel("Contraindicated", "Contraindicada", "")
	labelAgedOut    = newLabel("Aged out", "Fuera de la edad", "")
	labelNotRec     = newLabel("Not recommended", "No recomendada", "")
	labelRules      = newLabel("Worked out for {date} from the doses above by the ACIP schedule (CDSi {version}).", "Calculado para el {date} con las dosis de arriba según el calendario ACIP (CDSi {version}).", "")
	labelLapsed     = newLabel("The season of these vaccines has ended in the rules, so nothing is said of them here: {groups}. Ask your clinic.", "La temporada de estas vacunas terminó en las reglas, por eso aquí no se dice nada de ellas: {groups}. Pregunte en su clínica.", "")
	labelNow        = newLabel("Needed now", "Se necesitan ahora", "")
	labelLater      = newLabel("Needed later", "Se necesitarán más adelante", "")
	labelNothingNow = newLabel("Nothing is due now.", "No toca ninguna vacuna ahora.", "")
	labelNothing    = newLabel("Nothing is foreseen for later.", "No hay nada previsto para más adelante.", "")
	labelAgainst    = newLabel("Protects against", "Protege contra", "")
	labelAsk        = newLabel("Bring this page to your clinic. If a vaccine was given elsewhere, bring the paper that says so: do not have it given twice.", "Lleve esta página a su clínica. Si una vacuna se puso en otro lugar, lleve el papel que lo muestra: no la repita sin necesidad.", "")
	labelCheck      = newLabel("Is this record genuine, and has it changed since?", "¿Es auténtico este registro y ha cambiado desde entonces?", "")
	labelScan       = newLabel("Scan the code, or go to {address} and type:", "Escanee el código o vaya a {address} y escriba:", "")
	labelType       = newLabel("Type this code on the registry's page “Verify a record”:", "Escriba este código en la página «Verificar un registro» del sistema:", "")
	labelDose       = newLabel("1 dose", "1 dosis", "")
	labelDoses      = newLabel("{n} doses", "{n} dosis", "")
	labelGenuine    = newLabel("Issued {date} for initials {initials}, born {year}, {doses}, not changed since.", "Emitido el {date} para las iniciales {initials}, año de nacimiento {year}, {doses}; no ha cambiado desde entonces.", "")
	labelChanged    = newLabel("Issued {date} for initials {initials}, born {year}, {doses}. Changed since: ask for a new one.", "Emitido el {date} para las iniciales {initials}, año de nacimiento {year}, {doses}. Ha cambiado desde entonces: pida uno nuevo.", "")
	labelVerify     = newLabel("Verify a record", "Verificar un registro", "")
	labelCode       = newLabel("Code on the record", "Código del registro", "")
	labelTypeBirth  = newLabel("To see the doses, type the birth date on the record, as month/day/year.", "Para ver las dosis, escriba la fecha de nacimiento del registro: mes/día/año.", "")
	labelShowDoses  = newLabel("Show the doses", "Mostrar las dosis", "")
	labelVerifyNow  = newLabel("Verify", "Verificar", "")
	labelAnother    = newLabel("Verify another record", "Verificar otro registro", "")
	labelNotShown   = newLabel("No record can be shown for this code, or there were too many attempts. Check the code and try again in a minute. If it is right, ask for a new record.", "No se puede mostrar ningún registro con este código, o hubo demasiados intentos. Revise el código e intente de nuevo en un minuto. Si es correcto, pida un registro nuevo.", "")
	labelWrongBirth = newLabel("This is not the birth date on the record, or there were too many attempts. Check it and try again later.", "Esta no es la fecha de nacimiento del registro, o hubo demasiados intentos. Revísela e intente más tarde.", "")
	labelNotACode   = newLabel("This is not a code of a record: it has 12 letters and digits, such as 7F3K-22QX-9BHM.", "Este no es un código de registro: tiene 12 letras y números, como 7F3K-22QX-9BHM.", "")
	labelWhereCode  = newLabel("It stands beside the QR code: 12 letters and digits, such as 7F3K-22QX-9BHM.", "Está junto al código QR: 12 letras y números, como 7F3K-22QX-9BHM.", "")
	labelQR         = newLabel("QR code of the page that verifies this record", "Código QR de la página que verifica este registro", "")
)

// marks and standings are the labels of their words.
var (
	marks     = map[Mark]*label{Valid: labelValid, NotValid: labelNotValid, Extra: labelExtra, NotJudged: labelNotJudged}
	standings = map[Standing]*label{Overdue: labelOverdue, DueNow: labelDueNow, DueLater: labelDueLater, Complete: labelComplete,
		Immune: labelImmune, Contraindicated: labelContra, AgedOut: labelAgedOut, NotRecommended: labelNotRec}
)
