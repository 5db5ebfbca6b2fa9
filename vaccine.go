package iis

// CVX names a vaccine by CDC's code of vaccines administered (HL7 table 0292),
// as CDC writes it: "08", "187". A code nobody knows is kept as it came.
type CVX string

// MVX names the manufacturer of a vaccine by CDC's code (HL7 table 0227): "PMC".
type MVX string

// NDC names a packaged product by its National Drug Code, as digits in the form
// 5-4-2 with hyphens: "49281-0286-10".
type NDC string
