"""Words around a word that say what it is. All lower case."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


FUNCTION = word_set(
    "a an the this that these those my your his her its our their mine yours hers ours theirs i me you he "
    "him she it we us "
    "they them who whom whose which what where when why how if and or but nor so yet for of in on at to "
    "from by with about "
    "into onto over under after before since until till as than then there here not no yes is am are was "
    "were be been being "
    "do does did done have has had having will would shall should can could may might must one two three "
    "four five six seven "
    "eight nine ten some any all both each every either neither other another such same own very too also "
    "just only even "
    "still again ever never always once because while though although unless during between among through "
    "out up down off "
    "i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're "
    "we've we'd we'll "
    "they're they've they'd they'll that's there's here's what's who's where's don't doesn't didn't isn't "
    "aren't wasn't weren't "
    "won't wouldn't can't couldn't shouldn't haven't hasn't hadn't im ive id ill dont doesnt didnt isnt "
    "wasnt cant couldnt "
    "wont wouldnt havent hasnt hadnt thats whats theyre youre shes hes its lets let's ok okay well oh "
    "anyway maybe perhaps "
    "something someone somebody anything anyone anybody nothing nobody everyone everybody everything"
)
DETERMINERS = word_set(
    "a an the this that these those my your his her its our their some any no every each another whose "
    "more most other such"
)
POSSESSIVES = word_set("my your his her its our their whose")
TITLES = word_set(
    "mr mrs ms mx miss mister missus dr doctor prof professor sir dame lord lady rev reverend rabbi imam "
    "pastor judge "
    "officer sergeant sgt inspector constable pc captain colonel nurse matron coach auntie aunty aunt "
    "uncle fr sister "
    "brother señora señor sra sr frau herr madame monsieur mme monsignor sensei cllr councillor hon "
    "justice pfarrer"
)
TITLES_ONLY_BEFORE_CAPITALS = word_set(
    "sir dame lord lady judge officer captain colonel nurse sister brother doctor professor coach imam "
    "pastor rabbi "
    "reverend constable inspector matron justice father pc sr fr hon rev"
)
STRICT_TITLES = word_set("mr mrs ms mx miss mister missus dr prof cllr frau herr mme madame")
CLINICIAN_TITLES = word_set("dr doctor prof professor nurse matron rev reverend rabbi imam pastor")
ROLES = word_set(
    "client patient supervisee supervisor colleague coworker co-worker husband wife partner son daughter "
    "mother mum mom mam father dad "
    "brother sister aunt auntie aunty uncle cousin nephew niece grandmother grandfather grandma grandpa "
    "granny gran nan nana "
    "grandad granddad grandson granddaughter stepson stepdaughter stepmother stepfather stepdad stepmum "
    "stepmom "
    "stepbrother stepsister boyfriend girlfriend fiancé fiancée fiance fiancee ex ex-husband ex-wife "
    "ex-partner "
    "ex-boyfriend ex-girlfriend friend bestie housemate flatmate roommate neighbour neighbor boss manager "
    "teacher nurse therapist "
    "counsellor counselor psychologist psychiatrist receptionist gp doctor trainee intern student tutor "
    "mentor mentee coach "
    "boy girl man woman lad lass kid child teenager teen toddler baby twin carer caregiver keyworker "
    "worker social-worker solicitor lawyer landlord landlady lodger bloke guy chap lady gentleman person "
    "member "
    "resident participant coachee tutee assistant co-therapist co-facilitator facilitator director head "
    "deputy bro sis "
    "mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law goddaughter "
    "godson godmother hubby "
    "missus spouse fella mate pal buddy bf gf mil fil clients supervisees midwife physio dietitian pastor "
    "priest rabbi imam "
    "vicar paramedic officer accountant analyst analysand couple family parent intake caller sponsor "
    "sponsee survivor"
)
FAMILY = word_set(
    "husband wife partner son daughter mother mum mom father dad brother sister aunt uncle cousin nephew "
    "niece "
    "boyfriend girlfriend fiancé fiancée fiance fiancee ex friend colleague supervisee client supervisor "
    "neighbour neighbor"
)
SAID = word_set(
    "told said asked says asks tells cried wept sobbed laughed smiled nodded shrugged sighed replied "
    "answered apologised "
    "apologized whispered shouted yelled screamed snapped admitted disclosed confessed explained "
    "complained mentioned texted "
    "emailed e-mailed rang phoned messaged wrote thanked hugged forgave corrected disagreed agreed reckons "
    "reckoned thinks "
    "thought knows knew felt feels wants wanted hated loves loved hates likes liked remembers remembered "
    "forgot noticed "
    "looked looks stared glared grinned giggled winced flinched blushed paused hesitated stormed walked "
    "sat stood "
    "arrived cancelled canceled booked rebooked missed turned moved lived lives works worked died dies "
    "married divorced "
    "believes believed insists insisted wonders wondered wished wishes joined quit relapsed dissociated "
    "panicked vomited "
    "fainted slept woke drinks drank smokes smoked cuts self-harmed returned ghosted "
    "gave gives brought brings took takes sent sends got gets went goes came comes kept keeps left leaves "
    "started stopped "
    "needs needed has had was is isn't wasn't hasn't hadn't didn't doesn't couldn't wouldn't won't can't "
    "isnt wasnt didnt "
    "doesnt couldnt wouldnt hasnt hadnt would could should did does will never always just finally who and "
    "suddenly simply really then also now still kindly gently quietly once already often sometimes rolled "
    "deserves deserved trusts trusted teaches taught cleaned sees saw heard hears lost found made makes "
    "put let lets "
    "held holds broke began begins ran runs spoke speaks talks talked read paid pays shook made pulled "
    "pushed threw "
    "waited waits calls called interrupted introduced suggested pointed picked stayed stays struggled "
    "struggles "
    "showed shows signed failed refused refuses responded confronted challenged discovered realised realized"
)
SURELY_SAID = word_set(
    "told said asked says asks tells cried wept sobbed laughed smiled nodded shrugged sighed replied "
    "answered apologised "
    "apologized whispered shouted yelled screamed admitted disclosed confessed explained complained texted "
    "emailed e-mailed phoned messaged thanked hugged forgave corrected disagreed reckons reckoned thinks "
    "thought knew "
    "stared glared grinned giggled winced flinched blushed hesitated wept walked sat interrupted rang "
    "booked cancelled "
    "canceled died lives lived works worked hates hated loved remembered forgot noticed who shook rolled "
    "texts"
)
ABSTRACT = word_set(
    "hope grace joy faith dawn summer love trust charity patience prudence mercy justice art bill mark "
    "will may "
    "chase grant drew frank sue rob jack pat rose hunter harmony melody destiny serenity freedom peace "
    "praise "
    "miracle wisdom truth verity constance liberty honor honour spring autumn winter snow rain storm star "
    "sky page "
    "miles major king prince duke earl dean chance blessing comfort precious happy lucky angel memory "
    "beauty heart soul "
    "light bright success victory progress promise gift favour favor wonder glory saint august april june "
    "true ever guy "
    "link cliff dale ford brook lake sunday monday christian gay ray king brandy sherry ginger cash banks "
    "penny bear cat "
    "fox wolf buddy rich sandy rusty misty stormy sunny olive ruby pearl crystal amber jade coral daisy "
    "lily violet "
    "heather ivy hazel holly poppy iris fern basil rosemary sage ash clay reed heath forest stone ridge"
)
NAMING = word_set("named called nicknamed aka a.k.a. christened renamed")
TO_PERSON = word_set(
    "with told asked saw met texted emailed called rang phoned thanked hugged promised cancelled canceled "
    "missed "
    "seeing seen meeting telling asking love loved supervise supervised supervising dear hi hello hey "
    "sorry thanks cheers "
    "bye goodbye congratulations for between to about than like and"
)
SURELY_TO_PERSON = word_set(
    "with told asked met texted emailed rang phoned thanked hugged promised supervised supervising dear hi "
    "hello hey ask tell "
    "saw cancelled telling asking messaged ghosted thank"
)
GREETINGS = word_set("hi hello hey dear hiya heya")
IN_PLACE = word_set(
    "in from near at around outside to through via towards toward across into leaving left visiting "
    "visited reach reached inside"
)
STRONGLY_IN_PLACE = word_set("near outside around from in")
LIVING = word_set(
    "live lives lived living moved moving moves move grew born raised based relocated relocating settled "
    "stays stayed staying "
    "commutes commuted commuting travels travelled traveled travelling drove drives driving originally "
    "hails works worked "
    "practise practice practising practicing practices grown bred evacuated fled deployed holidaying "
    "retired reside resides resided"
)
ORGANISATIONS = word_set(
    "clinic clinics surgery hospital hospitals centre center academy school college university practice "
    "trust hospice "
    "pharmacy infirmary ltd limited llc inc gmbh plc foundation associates counselling counseling therapy "
    "therapies wellbeing "
    "wellness institute prison church mosque synagogue temple gurdwara cathedral chapel council lodge "
    "nursery kindergarten "
    "playgroup polytechnic seminary madrasa primary secondary comprehensive grammar high elementary "
    "preschool hospitalet "
    "partnership consulting group services service society association charity rehab psychology "
    "psychotherapy "
    "psychiatry medical health healthcare care house unit ward studio gym club library cafe café pub hotel "
    "restaurant bank "
    "barracks base airport station ymca bakery salon factory farm brewery theatre theater museum fc"
)
SURE_ORGANISATIONS = word_set(
    "clinic surgery hospital centre center academy school college university practice trust hospice pharmacy "
    "infirmary ltd limited llc inc gmbh plc foundation associates counselling counseling wellbeing "
    "institute prison church mosque "
    "synagogue temple gurdwara cathedral chapel council lodge nursery primary secondary elementary preschool "
    "partnership ward  consulting healthcare polytechnic seminary kindergarten barracks "
    "grammar ymca fc psychotherapy"
)
GENERIC = word_set(
    "the a an my our his her their this that your private primary secondary high grammar boarding public "
    "state local nhs gp medical dental day night "
    "general mental health community crisis group best couple couples family child children adult youth "
    "young people's drop-in "
    "drug alcohol addiction addictions rehab eating disorder disorders pain sleep memory sexual assault "
    "women's men's student "
    "university college school training summer sunday saturday monday tuesday wednesday thursday friday "
    "nursery middle junior senior special sixth form drama art arts "
    "music law med medical grad graduate business film ballet dance vet veterinary teaching psychiatric "
    "forensic secure "
    "maternity children's fertility abortion walk-in outpatient inpatient day-care care nursing "
    "residential old new busy small big large "
    "first second third next last same other another whole entire former previous local nearest in-patient "
    "out-patient low-cost "
    "open closed online virtual video call shopping town city village civic job leisure sports fitness "
    "call detention "
    "catholic protestant methodist baptist anglican quaker jewish muslim hindu sikh buddhist christian "
    "orthodox evangelical "
    "international american english british irish scottish welsh german french spanish therapy counselling "
    "counseling "
    "psychology psychotherapy trauma anxiety depression clinical skills support self-help peer supervision "
    "reading book study "
    "working focus control safe full half quarter open house halfway sheltered "
    "charity charitable voluntary free own every any some each good bad great terrible my her his "
    "reflective knee "
    "heart brain hip plastic cosmetic bariatric top bottom gender eye jaw spinal spine laser major minor "
    "emergency elective "
    "cataract football band choir soccer baseball basketball cheer swim hockey piano yoga meditation "
    "garden data recycling test "
    "vaccination birth visitor call debt advice food warming drop cancer stroke diabetes "
    "deliberate evidence-based evidence cbt dbt emdr act camhs iapt aa na gestalt jungian freudian "
    "psychoanalytic psychodynamic "
    "humanistic integrative relational somatic placement our two three four five several many most few "
    "and of for at in to from with by on or but as is was not no fellow solo early late home public back "
    "tuesday's"
)
STREETS = word_set(
    "street st road rd avenue ave drive dr lane ln close crescent cres court ct place pl way terrace "
    "gardens grove square sq "
    "boulevard blvd hill mews park parade row walk highway hwy circle trail quay view rise estate heights "
    "parkway pkwy"
)
SURE_STREETS = word_set(
    "street road avenue ave lane drive crescent terrace grove boulevard blvd mews rd parkway gardens close "
    "highway"
)
NO_STREET = word_set(
    "sesame wall coronation downing main side back high long hard same wrong right other open rocky "
    "country memory winding "
    "quiet busy dead one two-way rough narrow dark empty bumpy dirt residential city abbey silk middle"
)
UNITS = word_set(
    "minutes minute mins min hours hour hrs days day weeks week wks months month years year yrs sessions "
    "session times time "
    "clients client people miles km metres meters kg pounds lbs percent per o'clock pm am kids children of "
    "in more less or "
    "and to down into on at euros dollars pence quid steps pages men women girls boys"
)
EMPLOYED = word_set(
    "works work working worked job employed employer employers placement intern interned internship "
    "volunteers volunteered volunteering "
    "teaches teach taught teaching studies studied studying student enrolled graduated nurse teacher "
    "manager locum "
    "employee employees drives drive driver drove hired fired sacked consultant lecturer shift shifts "
    "career internship "
    "apprenticeship trained training trainee"
)
NO_NAME_LETTERS = word_set(
    "vitamin plan type cluster grade hepatitis hep part section step point option group generation gen big "
    "capital letter scenario "
    "team side block wing version figure table question factor model exhibit appendix category class size "
    "cup key column "
    "row chapter schedule level tier gate series mr channel omega general strep influenza flu xbox form "
    "block an the t s"
)
INITIALS_OF_NO_ONE = word_set(
    "u.s. u.k. u.n. e.u. d.c. p.s. n.b. r.i.p. b.a. m.a. b.s. a.a. n.a. e.g. i.e. a.m. p.m. p.t. o.t. t.a. "
    "i.q. t.v. o.k. m.d. "
    "u.s.a. p.s.s. q.e.d. a.k.a. b.c. a.d. c.v. i.d. h.r. i.t. v.a. l.g.b.t. c.b.t. d.b.t. a.c.t. g.p. "
    "o.d. p.a. p.e. p.o. n.h.s. d.i.y. s.o.s. r.d. c.g. b.f. d.w. j.k. t.s. c.s. j.r.r. w.r.d. s.h. f.m. "
    "w.e.b. y.o. w.c. e.t. l.a."
)
PARTICLES = word_set(
    "de van der den von zu la le del della di da do dos das du des el al bin bint ibn abu ben ter ten mac "
    "mc ap ó ní nic te st y e"
)
PERSON_NOUN_BEFORE_CALLED = ROLES | word_set(
    "dog cat horse someone somebody one name twins sibling siblings sons daughters"
)

TOLD_TO = word_set(
    "tip thanks sorry said say spoke speak talk talked talking listen listened listening wrote write lied "
    "lie apologise apologised "
    "apologize apologized report reported promise promised next close cruel rude unfair sent read kind "
    "loyal married wed owe owed "
    "mean nod nodded smiled smile gave give"
)
"""Words before "to" after which a person follows."""
DONE_TO = word_set(
    "cancelled canceled lost forgot forgave interrupted misgendered ghosted dropped missed failed hurt "
    "upset misheard rescued "
    "rebooked double-booked overcharged undercharged saw see seen seeing had have invited interviewed "
    "ignored patronised "
    "patronized mothered blamed shamed lectured misread mistook mistaken let left hugged hug visited sorry "
    "thanks promised "
    "promise love loved miss miss was it's week"
)
"""Words after which an English noun would need an article, and a person's name doesn't."""
LONE = word_set(
    "rose ruby iris penny jack ivy ray kit pip wren robin daisy lily poppy holly hazel olive pearl opal "
    "angel star "
    "dale glen brook river storm pat mat nan lee sol zed tam jay kay lou dee tom jan gem chip bud moll "
    "primrose juniper petunia "
    "azalea hyacinth peregrine marigold bijou bear wolf fox lark heather jasmine fern willow rowan ash "
    "reed cliff mark bill "
    "guy buddy hunter mason parker archer tyler harper piper max gene jean norm nick herb dean earl duke "
    "drew frank "
    "rob sue chuck dick jade crystal amber violet coral melody harmony dawn june april may gale carol "
    "terry sandy "
    "misty sunny ginger pepper rusty rocky randy sonny skip rex victor viola jewel bonnie bobby gus hank "
    "saffron scarlett savannah sienna sierra phoenix raven princess brandy candy cookie queenie dolly dot "
    "birdie "
    "art will van woody wally walker rider josh jock jools miles pierce lance wade grant chase clay blaze "
    "ace tiger "
    "yaw plum aurora tansy cosmo"
)
"""Names that are words, but words that can't stand without an article, or hardly."""
ORDINARY_SURNAMES = word_set(
    "baker bishop black bond brook brooks brown bush butcher butler carpenter carter castle chambers "
    "church clay cook "
    "cooper cross day dean drew field fields finch fish fisher flowers ford forest foster fox freeman "
    "frost gardener gates glass "
    "gold good goodman grant gray green greene grey hall hand hardy hart head heath hill hood hook hope "
    "house hunt hunter joy "
    "keys king knight lake lamb lane law little lock long love lowe marsh marshal mason may mills moon "
    "moore mount noble "
    "north page painter park parker parks penny pike piper pole pool pope porter potter power price prince "
    "pound read reed rice "
    "rich ring rivers rock rose rush savage shade sharp shepherd short silver singer sky slater small "
    "smart smith snow sparrow "
    "spring stark steel stone strange street strong summers swan swift taylor temple thorn tree turner "
    "underwood vale wade "
    "walker wall ward waters weaver weeks wells west wheeler white wild winter winters wise wolf wood "
    "woods wright young"
)
