package paper

// diseases says in plain words what the vaccines of a group protect against, for
// families.
var diseases = map[string]*label{
	"Chikungunya":           newLabel("chikungunya", "chikunguña", ""),
	"Cholera":               newLabel("cholera", "cólera", ""),
	"COVID-19":              newLabel("COVID-19", "COVID-19", ""),
	"Dengue":                newLabel("dengue", "dengue", ""),
	"DTaP/Tdap/Td":          newLabel("diphtheria, tetanus, whooping cough", "difteria, tétanos, tos ferina", ""),
	"Ebola":                 newLabel("Ebola", "ébola", ""),
	"HepA":                  newLabel("hepatitis A", "hepatitis A", ""),
	"HepB":                  newLabel("hepatitis B", "hepatitis B", ""),
	"Hib":                   newLabel("Haemophilus influenzae type b", "Haemophilus influenzae tipo b", ""),
	"HPV":                   newLabel("human papillomavirus", "virus del papiloma humano", ""),
	"Influenza":             newLabel("flu", "gripe", ""),
	"Japanese Encephalitis": newLabel("Japanese encephalitis", "encefalitis japonesa", ""),
	"Meningococcal":         newLabel("meningococcal disease (A, C, W, Y)", "enfermedad meningocócica (A, C, W, Y)", ""),
	"Meningococcal B":       newLabel("meningococcal disease (B)", "enfermedad meningocócica (B)", ""),
	"MMR":                   newLabel("measles, mumps, rubella", "sarampión, paperas, rubéola", ""),
	"Orthopoxvirus":         newLabel("mpox, smallpox", "viruela símica, viruela", ""),
	"Pneumococcal":          newLabel("pneumococcal disease", "enfermedad neumocócica", ""),
	"Polio":                 newLabel("polio", "polio", ""),
	"Rabies":                newLabel("rabies", "rabia", ""),
	"Rotavirus":             newLabel("rotavirus", "rotavirus", ""),
	"RSV":                   newLabel("respiratory syncytial virus", "virus sincitial respiratorio", ""),
	"TBE":                   newLabel("tick-borne encephalitis", "encefalitis transmitida por garrapatas", ""),
	"Typhoid":               newLabel("typhoid fever", "fiebre tifoidea", ""),
	"Varicella":             newLabel("chickenpox", "varicela", ""),
	"Yellow Fever":          newLabel("yellow fever", "fiebre amarilla", ""),
	"Zoster":                newLabel("shingles", "herpes zóster", ""),
}
