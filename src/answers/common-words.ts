/**
 * English words of three to eight letters that are common in messages: a word listed here is never taken for a
 * misspelling of one the knowledge has ("card" is not "care"). Written by hand; longer words have so few
 * neighbours that they need no guard.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `ace act add ads age ago aid aim air ale all and ant any ape app arm art ash ask ass ate awe axe bad bag ban bar
  bat bay bed bee beg bet bid big bin bit bob bow box boy bra bro bud bug bun bus but buy bye cab can cap car cat
  cod cop cow cry cub cup cut dad dam day den dew did die dig dim dip dna dog dot dry due dug duo dvd dye ear eat
  egg ego elf end era eve eye fab fan far fat fax fed fee few fig fin fit fix flu fly foe fog for fox fry fun fur
  gap gas gay gel gem get gig gin god got gpa gps gum gun gut guy gym had ham has hat hay hen her hey hid him hip
  his hit hog hop hot how hub hug hut ice icy ill ink inn ion irs its ivy jam jar jaw jay jet jew job jog joy jug
  key kid kin kit lab lad lag lap law lay led leg let lid lie lip lit log lot low mad man map mat may mba men met
  mid mix mob mom mop mud mug mum nah nap net new nil nod nor not now nun nut oak oat odd off oil old one our out
  owe owl own pad pal pan pay pea pee pen pet pie pig pin pit ply pop pot pro pub pun pup put rag ram ran rap rat
  raw ray red rep rib rid rim rip rob rod rot row rub rug rum run rye sad sat saw say sea see set sex she shy sin
  sip sir sis sit six ski sky sly sob son soy spa spy sub sue sum sun tab tad tag tan tap tar tax tea ted ten the
  thy tie tin tip toe ton too top tow toy try tub tug two use van vat vet via vow wag war was wax way web wed wet
  who why wig win wit won wow yay yen yep yes yet you zip zoo
  able about above accept account across action active actor actual address adult advice affect afraid after again
  against agent agree ahead airport album alive allow almost alone along already also always amazing among amount
  angry animal another answer anybody anymore anyone anything anyway apart apple apply area argue around arrive
  article artist asked asking asleep attack aunt author available average avoid awake away awful baby back bacon
  balance ball banana band bank banking base basic basket bath bathroom battery beach bean bear beat beautiful became
  because become bedroom beef been beer before began begin behind being believe bell belong below belt bench beside
  best better between beyond bill bird birth birthday bite bitter black blame blank blind block blonde blood blow blue
  board boat body boil bomb bone book boot border bored born boss both bother bottle bottom bought bowl brain branch
  brand brave bread break breakfast breath breathe brick bridge brief bright bring broke broken brother brought brown
  brush bucket budget build building built burger burn burned burning bury business busy butter button cable cake call
  called calling calm calories camera camp cancel candle candy card cards career careful carry cash casino cast castle
  catch cats cause ceiling center central chain chair chance change channel charge charger cheap cheat check cheese
  chest chicken chief child children choice choose church circle citizen city claim class clean clear clever climb clock
  close closed closet clothes cloud club coach coast coat code coffee coin cold collect college color come comes comfort
  coming common company compare computer concert connect contact contain control cook cookie cool copy corn corner
  correct cost could count country couple courage course court cousin cover crazy cream create credit crime cross crowd
  cruise cupboard curious current cute cycle daily damage dance danger dark data date dates daughter days dead deal dear
  death debit decide deep deer definite degree delay deliver dentist depend desert design desk detail device diet
  dinner direct dirty dish divide doctor does dogs doing dollar dollars done door double doubt down download dozen drag
  draw drawing dream dress drink drive driver drop dropped drove drug drum duck during dust duty each eager early earn
  earth easily east easy eating edge effect effort eggs eight either electric else email empty energy engine enjoy
  enough enter entire equal error escape even evening event ever every everyone exact exactly exam example except
  excited exist exit expect expensive explain extra eyes face faces fact fail failed fair fall false family famous
  fancy farm fast father fault favor favorite fear feed feel feeling feels feet fell felt fence fever field fight file
  fill filled film final finally find fine finger finish fire first fish five fixed flag flat flight float flood floor
  flour flow flower flying focus folder follow food foot football force foreign forest forever forget forgot fork form
  forward found four frame free freedom freeze fresh friday friend friends from front fruit fuel full funny future gain
  game games garage garden gate gave general gentle giant gift girl girls give given giving glad glass goal goat goes
  going gold golf gone good grab grade grand grandma grandpa grass great green greet grocery ground group grow growth
  guard guess guest guide guitar guys hair half hall hand hands handle hang happen happened happy hard hardly hate have
  having head health healthy hear heard heart heat heavy height held hello help hero here herself hide high hill
  himself hire history hobby hold hole holiday home honest honey hope horse hospital host hotel hour hours house
  however huge human hundred hungry hurry hurt husband idea ideal image imagine important improve inch income include
  indeed inside instead insult interest internet into invest invite island issue item items jacket jail jeans job
  jobs join joke juice jump june july just keep keeps kept kick kids kill kind king kiss kitchen knee knew knife knock
  know known knows lack lady lake lamp land lane language laptop large last lately later latest laugh laundry lawn
  lawyer lazy lead leader leaf learn least leave leaving left legal lemon lend less lesson letter letters level library
  license lied life lift light lights like liked likely limit line lines link lion liquid list listen little live lives
  living loan local lock logic lonely long longer look looking lose losing loss lost lots loud love loved lovely lower
  luck lucky lunch machine made mail main make makes making male mall manage manager many march mark market marriage
  married match matter maybe meal mean meaning means meant meat medical medicine meet meeting member memory menu mess
  message metal meter middle might mile miles milk million mind mine minute minutes mirror miss missed missing mistake
  mixed mobile model modern moment monday money monkey month months mood moon more morning mortgage most mother motor
  mountain mouse mouth move moved movie moving much muscle museum music must myself nail naked name names narrow nasty
  nation natural nature near nearby nearest neck need needed needs neither nerve nervous never news next nice night
  nobody noise none normal north nose note notes nothing notice novel number nurse obey object ocean offer offered
  office often okay older once ones onion online only open opened opinion option orange order orders other others ought
  outside oven over owner pack package page paid paint pair pants paper parent parents park part parts party pass passed
  passport past pasta path patient pause peace people pepper perfect perhaps period person pets phone photo piano pick
  picked picture piece pilot pink pizza place plan plane planet planned plans plant plastic plate play played player
  playing please plenty plus pocket poem poet point police polite pool poor popular position possible post posted potato
  pound pounds power practice prefer prepare present press pretty price prices print private prize problem process
  product program project promise proof proper protect proud prove provide public pull purple purpose push puts putting
  puzzle quality quarter queen question quick quickly quiet quit quite race radio rain raining raise range rare rate
  rates rather reach read reader reading ready real really reason receive recent recipe record refund relax release
  remain remember remind remove rent rental repair repeat reply report request reserve rest restart result return
  reveal review rich ride right ring rise risk river road rock role roll roof room rooms root rope rose rough round route
  routine rule rules running rush sadly safe safety said sail salad salary sale salt same sand sandwich saturday sauce
  save saved savings saying says scale scared schedule school science score screen search season seat second secret
  section secure seeing seem seems seen self sell send sense sent serious serve service session seven several shade
  shake shall shame shape share sharp sheet shelf shift shine ship shipping shirt shoe shoes shoot shop shopping short
  should shout show shower showing shut sick side sight sign signal silent silly silver similar simple since sing
  singer single sister size skill skin skip sleep sleeping slice slide slow small smart smell smile smoke smooth snack
  snake snow soap social socks soft solid solve some somebody someone song songs soon sore sorry sort soul sound soup
  source south space spare speak special speech speed spell spend spent spicy spider spirit split spoke spoon sport
  sports spot spread spring square stage stairs stamp stand star stars start started state station status stay steak
  steal steam steel steps stick still stock stolen stomach stone stood stop stopped store stores storm story strange
  street stress strict strike string strong stuck student study stuff stupid style subject such sudden sugar suggest
  suit summer sunday sunny super supply support suppose sure surgery surprise sweet swim switch symbol system table
  tail take taken takes taking talent talk talked talking tall tank tape target taste taught taxes taxi teach teacher
  team tear teeth tell telling tells terms test tests text than thank thanks that their them then there these they
  thick thief thin thing things think thinking third this those though thought thousand three throat through throw
  thursday ticket tickets tied tiger tight time timer times tiny tire tired tires title toast today together toilet
  told tomorrow tone tongue tonight took tool tooth topic total touch tough tour toward towel tower town toys track
  trade traffic train training transfer trash travel treat treated tree trees trial trick tried trip trouble truck true
  trust truth trying tuesday turn turned twelve twenty twice type ugly uncle under unique unit unless until update upset
  usage used useful user using usual usually vacation valid value various vehicle version very video view village
  violin visa visit voice vote wage wait waiting wake walk walking wall wallet want wanted wants warm warn wash waste
  watch watching water wave ways weak wear wearing weather website wedding week weekend weeks weight welcome well went
  were west what wheel when where whether which while whisper white whole whom whose wide wife wild will wind window
  wine wing winner winter wire wish with within without woke woman women wonder wood word words wore work worked
  worker working works world worried worry worse worst worth would wrap write writing written wrong wrote yard yeah
  year years yellow yesterday young your yours yourself youth zero zone`
    .trim()
    .split(/\s+/),
);
