package sample

// The lists are in falling order of commonness where they make a ranked table.
var (
	northernNames = ranked("Johnson", "Anderson", "Olson", "Nelson", "Peterson", "Larson", "Carlson", "Hanson", "Erickson",
		"Swanson", "Jensen", "Christensen", "Gustafson", "Hansen", "Halvorson", "Gunderson", "Thompson", "Lindquist",
		"Johansen", "Sorenson", "Knutson", "Paulson", "Amundson", "Torgerson", "Thorson", "Engebretson", "Ellingson",
		"Lindstrom", "Bergstrom", "Dahl", "Berg", "Lund", "Moe", "Haugen", "Solberg", "Hagen", "Lindberg", "Nygaard",
		"Bakken", "Sandberg", "Iverson", "Tollefson", "Evenson", "Rasmussen", "Mortenson", "Ostlund", "Bjorklund",
		"Sjoberg", "Nordstrom", "Sundberg", "Helgeson", "Syverson", "Kittelson", "Rolvaag", "Tveit", "Skaar", "Fjelstad",
		"Sørensen", "Ångström", "Bjørnson", "Hägglund", "Grøndahl", "Mäkelä", "Korhonen", "Niemi", "Lahti", "Heikkinen",
		"Saari", "Koskinen", "Lehtinen", "Hyvönen", "Järvinen", "Maki", "Aho", "Salo")
	northernStems = []string{"Berg", "Lind", "Sand", "Dahl", "Strand", "Hal", "Hol", "Kval", "Ness", "Bak", "Bro", "Eke",
		"Fjel", "Grøn", "Haug", "Sol", "Nord", "Sund", "Vest", "Øst", "Ek", "Granst", "Hed", "Kvern", "Lang", "Myr", "Opst",
		"Ram", "Skog", "Stein", "Tor", "Ulv", "Vik", "Åker", "Alm", "Björk", "Ceder", "Dal", "Eng", "Flo", "Gul", "Hjort",
		"Iver", "Jern", "Kron", "Löf", "Malm", "Norr", "Ost", "Palm", "Ros", "Sjö", "Tall", "Und", "Wall", "Ytter"}
	northernMiddles = []string{"e", "a", "er", "en", "es", "ing", "inge", "le", "ne", "se", "ve", "ste", "de", "re", "ar", "ers"}
	northernEnds    = []string{"strom", "quist", "gren", "lund", "berg", "dahl", "stad", "seth", "rud", "moen", "land", "vik",
		"heim", "gaard", "bakken", "haugen", "sather", "dalen", "ness", "by", "holm", "mark", "rød", "tveit", "voll", "sen",
		"son", "hus", "vold", "eng", "lie", "myhre", "skog", "sjö", "bäck", "brandt"}

	germanLast = ranked("Schmidt", "Mueller", "Meyer", "Schultz", "Schneider", "Wagner", "Becker", "Hoffman", "Schroeder",
		"Fischer", "Koch", "Bauer", "Krueger", "Weber", "Zimmerman", "Hartmann", "Lange", "Werner", "Krause", "Lehmann",
		"Köhler", "Maier", "Huber", "Herrmann", "König", "Kaiser", "Fuchs", "Peters", "Scholz", "Möller", "Weiß", "Jung",
		"Hahn", "Vogel", "Friedrich", "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck", "Lorenz", "Baumann",
		"Franke", "Albrecht", "Schuster", "Simon", "Ludwig", "Böhm", "Winter", "Kraus", "Martin", "Schumacher", "Krämer",
		"Vogt", "Stein", "Jäger", "Otto", "Sommer", "Groß", "Seidel", "Heinrich", "Brandt", "Haas", "Schreiber", "Graf",
		"Dietrich", "Ziegler", "Kuhn", "Pohl", "Engel", "Horn", "Busch", "Bergmann", "Thiel", "Voigt", "Sauer", "Arndt",
		"Theisen", "Schmitz", "Kieffer", "Reinhardt", "Stoltz", "Dvorak", "Novak", "Hruska", "Svoboda")
	germanStems = []string{"B", "Br", "D", "Dr", "F", "Fr", "G", "Gr", "H", "K", "Kl", "Kn", "Kr", "L", "M", "N", "P", "Pf", "Qu", "R",
		"S", "Sch", "Schl", "Schm", "Schn", "Schr", "Schw", "Sp", "St", "Str", "T", "Tr", "V", "W", "Z", "Zw"}
	germanMiddles = []string{"b", "bl", "ck", "d", "dr", "ff", "gg", "hl", "hn", "k", "lb", "ld", "ll", "lm", "lt", "mm", "nd", "ng", "nn",
		"nz", "pp", "r", "rb", "rg", "rm", "rn", "rst", "rt", "ss", "st", "tt", "tz", "x", "zz"}
	germanEnds = []string{"er", "mann", "meyer", "bach", "hof", "stein", "feld", "horst", "inger", "ke", "el", "ner", "ler", "hauer",
		"berger", "bauer", "schmidt", "dorf", "wald", "hardt"}
	vowels = []string{"a", "e", "i", "o", "u", "au", "ei", "ie", "ä", "ö", "ü", "ou"}

	slavicNames = ranked("Novak", "Kowalski", "Ivanov", "Petrov", "Smirnov", "Kuznetsov", "Popov", "Shevchenko", "Kovalenko",
		"Bondarenko", "Melnyk", "Wisniewski", "Wojcik", "Kaminski", "Lewandowski", "Zielinski", "Szymanski", "Wozniak",
		"Kozlowski", "Jankowski", "Mazur", "Kovač", "Horvat", "Babić", "Hadžić", "Marković", "Jovanović", "Łukaszewski",
		"Dąbrowski", "Wójcik", "Čermák", "Dvořák", "Procházka", "Němec")
	slavicStems = []string{"Kow", "Wis", "Lew", "Mal", "Zab", "Bor", "Grab", "Jan", "Kal", "Mik", "Nov", "Pav", "Rog", "Sok",
		"Tom", "Urb", "Vas", "Wal", "Zav", "Bil", "Cher", "Dov", "Fed", "Hor", "Kost", "Luk", "Mor", "Pod", "Rad", "Star",
		"Tym", "Yak", "Zel", "Bud", "Czaj", "Dom", "Gol", "Jab", "Kub", "Ost", "Pol", "Rud", "Sad", "Szym", "Wit"}
	slavicMiddles = []string{"al", "in", "and", "ew", "ow", "ic", "ek", "ar", "or", "el", "ank", "asz", "ul", "ol", "ist", "im"}
	slavicEnds    = []string{"ski", "czyk", "ewicz", "enko", "ovich", "ov", "ev", "uk", "yak", "ka", "ak", "ik", "sky", "ovsky"}

	romanceStems = []string{"B", "C", "D", "F", "G", "L", "M", "N", "P", "R", "S", "T", "V", "Z", "Ch", "Gu", "Bl", "Tr", "Br", "De L",
		"Di P", "La F", "D'", "Le B", "St. J", "Du P", "Van D", "Del R"}
	romanceMiddles = []string{"b", "cc", "ch", "d", "g", "gn", "l", "ll", "m", "mb", "n", "nc", "nd", "nt", "p", "r", "rd", "rr", "rt", "s",
		"ss", "st", "t", "tt", "v", "z", "vr", "gr"}
	romanceEnds = []string{"o", "i", "a", "ini", "elli", "etti", "one", "ard", "eau", "aux", "et", "ier", "on", "ois", "in", "ez",
		"ara", "ieri", "ante", "oux"}

	recentBoys = ranked("Henry", "Oliver", "Theodore", "William", "Liam", "Jack", "Owen", "Noah", "Hudson", "James", "Benjamin",
		"Levi", "Logan", "Mason", "Ethan", "Jacob", "Alexander", "Michael", "Elijah", "Lucas", "Samuel", "Joseph", "Isaac",
		"Wyatt", "Charles", "Thomas", "Luke", "Gabriel", "Anthony", "Andrew", "Joshua", "Tyler", "Zachary", "Nicholas",
		"Jayden", "Aiden", "Carter", "Landon", "Caleb", "Hunter", "Dylan", "Evan", "Austin", "Connor", "Cameron", "Nolan",
		"Everett", "Easton", "Lincoln", "Leo", "August", "Miles", "Otto", "Soren", "Brian", "Kevin", "Scott", "Jason", "Eric",
		"Ryan", "Adam", "Aaron", "Kyle", "Cole", "Beau", "Ty", "Jo", "Zoë", "André", "José-Luis", "D'Angelo", "Jean-Paul", "J")
	recentGirls = ranked("Olivia", "Evelyn", "Charlotte", "Emma", "Nora", "Amelia", "Harper", "Eleanor", "Sophia", "Ava",
		"Isabella", "Violet", "Hazel", "Abigail", "Emily", "Madison", "Hannah", "Grace", "Elizabeth", "Ella", "Anna", "Lily",
		"Samantha", "Ashley", "Jessica", "Sarah", "Megan", "Rachel", "Nicole", "Amanda", "Lauren", "Taylor", "Alexis", "Kayla",
		"Brianna", "Morgan", "Chloe", "Mia", "Zoey", "Josephine", "Lucy", "Clara", "Maeve", "Ruby", "Ivy", "Freya", "Ingrid",
		"Linnea", "Annika", "Britta", "Kirsten", "Jennifer", "Amy", "Angela", "Melissa", "Michelle", "Kimberly", "Lisa",
		"Heather", "Zoë", "Renée", "Chloé", "Mary-Kate", "Anna-Lise", "Jo", "Bo", "Ty", "D'Asia", "M")
	northernBoys  = []string{"Bjørn", "Leif", "Lars", "Nils", "Søren", "Håkon", "Jens", "Gunnar", "Olaf", "Sven", "Anders", "Erik", "Knut", "Eino", "Väinö"}
	northernGirls = []string{"Ingrid", "Solveig", "Astrid", "Kirsten", "Sigrid", "Linnéa", "Britta", "Karin", "Åse", "Maren", "Liv", "Aino", "Päivi"}
	slavicBoys    = ranked("Ivan", "Dmitri", "Oleksandr", "Mykola", "Andriy", "Sergei", "Pavel", "Marek", "Tomasz", "Igor", "Viktor", "Maksym", "Bohdan", "Łukasz", "Jiří")
	slavicGirls   = ranked("Olena", "Anastasia", "Natalia", "Oksana", "Iryna", "Katarzyna", "Svetlana", "Yulia", "Daria", "Sofiya", "Zuzana", "Halyna", "Małgorzata")

	hispanicLast = ranked("García", "Hernández", "Martínez", "López", "González", "Rodríguez", "Pérez", "Sánchez", "Ramírez",
		"Torres", "Flores", "Rivera", "Gómez", "Díaz", "Morales", "Reyes", "Cruz", "Ortiz", "Gutiérrez", "Chávez", "Ramos",
		"Ruiz", "Mendoza", "Álvarez", "Castillo", "Jiménez", "Vásquez", "Romero", "Moreno", "Núñez", "Peña", "Ríos", "Muñoz",
		"Guerrero", "Medina", "Aguilar", "Vega", "Castro", "Vargas", "Guzmán", "Salazar", "Soto", "Delgado", "Ibáñez", "de la Cruz",
		"Quiñones", "Yáñez", "Guamán", "Quishpe", "Ordóñez")
	hispanicBoys = ranked("José", "Juan", "Luis", "Carlos", "Jesús", "Miguel", "Ángel", "Diego", "Mateo", "Santiago", "Alejandro",
		"Daniel", "David", "Jorge", "Manuel", "Ricardo", "Eduardo", "Sebastián", "Emiliano", "Iván", "Óscar", "Raúl", "Andrés", "Tomás")
	hispanicGirls = ranked("María", "Guadalupe", "Sofía", "Camila", "Valentina", "Ximena", "Isabella", "Ana", "Rosa", "Juana",
		"Lucía", "Elena", "Gabriela", "Daniela", "Alejandra", "Carmen", "Leticia", "Yesenia", "Inés", "Mónica", "Belén", "Noemí", "María José")

	hmongLast = ranked("Vang", "Yang", "Xiong", "Lee", "Thao", "Lor", "Her", "Moua", "Vue", "Kue", "Khang", "Cha", "Hang",
		"Chang", "Cheng", "Fang", "Kong", "Lo", "Ly", "Pha", "Phang", "Yaj", "Vaj", "Xyooj", "Hawj", "Thor", "Vu")
	hmongBoys = ranked("Tou", "Chue", "Kong", "Pao", "Xeng", "Toua", "Cheng", "Fue", "Ger", "Koua", "Nhia", "Tong", "Chong",
		"Yeng", "Bee", "Lue", "Teng", "Tou Ger", "Kong Meng", "Pheng", "Xai", "Blong", "Neng", "Vang Pao", "Kevin", "Jason", "Tommy")
	hmongGirls = ranked("Mai", "Pa", "Yer", "Kao", "Bao", "Xee", "Nou", "Mao", "Chia", "Ka", "Pang", "Mee", "Sheng", "Paj", "Kia",
		"Mai See", "Pa Houa", "Kao Nou", "Gao Nou", "Pa Kou", "Maly", "Ia", "Youa", "Zoua", "Nkauj", "Jenny", "Amy")

	somaliMen = ranked("Mohamed", "Ahmed", "Ali", "Abdi", "Hassan", "Omar", "Ibrahim", "Hussein", "Abdullahi", "Yusuf", "Abdirahman",
		"Farah", "Osman", "Mohamud", "Ismail", "Abdulkadir", "Jama", "Warsame", "Adan", "Nur", "Said", "Mahad", "Khalid", "Bashir",
		"Liban", "Guled", "Abshir", "Dahir", "Sharif", "Isse", "Muse", "Elmi", "Hirsi", "Roble", "Samatar", "Ayanle")
	somaliWomen = ranked("Fatuma", "Amina", "Khadija", "Halima", "Hodan", "Sahra", "Maryan", "Asha", "Ayan", "Ifrah", "Hawa",
		"Nimo", "Faduma", "Zahra", "Hibo", "Ilhan", "Sagal", "Deqa", "Ubah", "Safiya", "Rahma", "Nasra", "Hamdi", "Muna", "Idil", "Fowsiya")
	ethiopianMen = ranked("Abebe", "Tesfaye", "Bekele", "Girma", "Haile", "Dawit", "Yohannes", "Solomon", "Tadesse", "Mulugeta",
		"Kebede", "Alemu", "Getachew", "Samuel", "Daniel", "Desta", "Lemma", "Negash", "Worku", "Gemechu", "Tolera", "Chala", "Obang", "Ojulu")
	ethiopianWomen = ranked("Tigist", "Almaz", "Hiwot", "Meron", "Selam", "Bethlehem", "Aster", "Genet", "Yeshi", "Mulu", "Rahel",
		"Sara", "Martha", "Chaltu", "Lensa", "Hana", "Eden", "Senait", "Abeba", "Nyadual")

	indianLast = ranked("Patel", "Singh", "Sharma", "Kumar", "Reddy", "Shah", "Gupta", "Rao", "Nair", "Khan", "Iyer", "Mehta",
		"Joshi", "Desai", "Verma", "Das", "Chowdhury", "Banerjee", "Kapoor", "Krishnamurthy", "Subramanian", "Venkatesan", "Bhatt", "Ali")
	indianBoys = ranked("Arjun", "Rahul", "Amit", "Vikram", "Raj", "Sanjay", "Aarav", "Vihaan", "Rohan", "Suresh", "Ravi", "Anand",
		"Karthik", "Nikhil", "Aditya", "Imran", "Farhan", "Dev", "Om")
	indianGirls = ranked("Priya", "Anjali", "Lakshmi", "Aanya", "Diya", "Neha", "Sunita", "Kavita", "Pooja", "Meera", "Divya",
		"Ananya", "Aisha", "Isha", "Radha", "Nisha", "Saanvi")

	vietnameseLast = ranked("Nguyen", "Tran", "Le", "Pham", "Huynh", "Hoang", "Phan", "Vu", "Vo", "Dang", "Bui", "Do", "Ho",
		"Ngo", "Duong", "Ly", "Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Ung", "Mai")
	vietnameseBoys = ranked("Minh", "Anh", "Tuan", "Hung", "Dung", "Thanh", "Long", "Hai", "Duc", "Nam", "Quang", "Bao", "Kevin",
		"Andrew", "Vinh", "Khoa", "Đức")
	vietnameseGirls = ranked("Linh", "Thuy", "Lan", "Huong", "Mai", "Hoa", "Ngoc", "Trang", "Phuong", "Thao", "Kim", "Anh", "Tiffany",
		"Vy", "My", "Yến")
	chineseLast = ranked("Wang", "Li", "Zhang", "Chen", "Liu", "Yang", "Huang", "Wu", "Zhou", "Xu", "Lin", "Lu", "Zhao", "Sun",
		"Ma", "Zhu", "Hu", "Guo", "He", "Gao", "Lü", "Kim", "Park", "Choi", "Lee", "Oh", "E", "O")
	chineseBoys  = ranked("Wei", "Jun", "Ming", "Hao", "Lei", "Yi", "Jie", "Feng", "Kai", "Eric", "Kevin", "Daniel", "Tao", "Bo", "Min-jun")
	chineseGirls = ranked("Li", "Mei", "Ying", "Xiu", "Yan", "Jing", "Na", "Hui", "Fang", "Grace", "Amy", "Lin", "Yu", "Lü", "Seo-yeon")

	karenWords = []string{"Eh", "Paw", "Htoo", "Moo", "Say", "Ku", "Wah", "Hser", "Gay", "Soe", "Thein", "Mu", "Nay", "Lah", "Doh",
		"Ka", "Pa", "Saw", "Naw", "Law", "Blut", "Tha", "Dah", "Poe", "Lay", "Win", "Aung", "Kyaw", "Myint", "Thu", "Zaw", "Bway",
		"Klee", "Ler", "Taw", "Shee", "Ree", "Mya", "Yu", "Oo", "U", "Reh", "Meh"}
	ojibweLast = ranked("Jourdain", "White", "Beaulieu", "Kingbird", "Bellanger", "Johnson", "Smith", "Jones", "Fairbanks", "Goodsky",
		"Roy", "Strong", "Morrison", "Northbird", "Stately", "Cloud", "Fineday", "Whitefeather", "Boshey", "Desjarlait", "Drumbeater",
		"Littlewolf", "Headbird", "Wind", "Sam", "Benjamin", "Redday", "Thunder", "Bluestone", "Wabasha", "Two Bears", "Walks-Alone")
	shortLast = ranked("Ng", "O", "E", "Y", "Au", "Ek", "Eu", "Ng-Yow", "X", "U", "Oz", "Ax")
)
