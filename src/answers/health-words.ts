import { NUMBER } from './normalise';
import type { ReadWord } from './read-message';

/**
 * Is it the name of an illness, a medicine, or something done to a patient? Read off a list of common ones and the
 * endings that such names have; a word the list lacks ("letrozole") is then still known for what it is.
 * Hair and its loss are left out: that is what the clinic is asked about.
 */
export function isHealthWord(word: string): boolean {
  return HEALTH_WORDS.has(word) || (word.length >= SHORTEST_NAME && MEDICAL_ENDING.test(word));
}

/** Is it one of the listed names? They are spelt as they should be, and never taken for a slip. */
export function isListedHealthWord(word: string): boolean {
  return HEALTH_WORDS.has(word);
}

/**
 * Was something done to the skin a short while ago ("surgery 3 months ago", "a facelift last week")? A scar from it
 * is harmless to ask about; one that has not healed is for the clinic to look at.
 */
export function isRecentTreatment(words: readonly string[]): boolean {
  return words.some((word) => TREATMENTS.has(word)) && RECENTLY.test(words.join(' '));
}

const TREATMENTS: ReadonlySet<string> = new Set(
  `surgery operation operated procedure facelift browlift prp biopsy graft grafts transplant stitches stitched staples laser
  peel botox fillers microneedling mesotherapy radiation tattoo excision removed`.split(/\s+/),
);

const RECENTLY =
  /\b(?:(?:0|a|one|two|three|four|five|six|few|couple|couple of|several) (?:day|week|month)s? ago|yesterday|today|tonight|this (?:morning|week)|(?:last|past) (?:night|week|month|friday|monday|tuesday|wednesday|thursday|saturday|sunday|weekend)|just had|(?:came|come|taken) out on|recently)\b/u;

/** Does somebody say to be under 18, or speak of somebody who is ("i'm 15", "my fourteen year old son")? */
export function namesMinor(words: readonly ReadWord[]): boolean {
  return MINOR.test(words.map(({ typed, word }) => (word === NUMBER ? typed : word)).join(' '));
}

const UNDER_18 =
  '(?:[1-9]|1[0-7]|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)';
const SOMEBODY =
  'i|he|she|son|daughter|boy|girl|kid|child|brother|sister|nephew|niece|cousin|grandson|granddaughter|teen|teenager|age|aged';
const MINOR = new RegExp(
  [
    // "i'm only 15", "my son just turned twelve", "aged 9"; not "i am 5 weeks in", "my scar is 9 years old".
    `\\b(?:${SOMEBODY})(?: (?:am|is|be|will|only|just|turned|turns|turning|about|almost|nearly|still|of|like))* ${UNDER_18}\\b(?! (?:years?|yrs?|hours?|hrs?|days?|weeks?|months?|minutes?|sessions?|visits?|treatments?|percent|times|am|pm|miles?|inch(?:es)?|cm|mm|feet|ft|dollars?|bucks|people|of|in|into|or|to)\\b(?! old| of age))`,
    `\\bturning ${UNDER_18}\\b`,
    // American and British years of school; "high school" alone may be long ago.
    `\\bin (?:(?:the )?(?:[5-9]|10|11|12)th grade|year (?:[5-9]|10|11|12|13)|middle school|(?:junior|senior) high|sixth form)\\b`,
    `\\b(?:am|is|are|still) (?:still )?(?:in|at) (?:high|secondary) school\\b`,
    `\\b(?:[5-9]|10|11)th grader\\b`,
    '\\b(?:my|our|her|his) (?:teen|teenager|teenage|child|kid|toddler|little (?:boy|girl|one))\\b',
    `\\b${UNDER_18} (?:years? old|yrs? old|year olds|yo|yrs? of age|years? of age) (?:${SOMEBODY})\\b`,
    `\\b(?:my|a|our|the|for|her|his) ${UNDER_18} (?:years? olds?|yrs? olds?|yo)\\b(?! (?:scars?|tattoos?|transplants?|surgery|injury|wounds?|smp|hairline|work|procedure|treatment))`,
  ].join('|'),
  'u',
);

/** Shorter words with such an ending are everyday ones or on the list. */
const SHORTEST_NAME = 6;

const MEDICAL_ENDING = new RegExp(
  `(${[
    // Illnesses.
    'itis|(?<!diagn|progn|hypn|osm|metamorph)osis|iasis|(?<!acad|boh)emia|(?:an|leuk|isch|glyc|ur)emic|penia',
    '(?<!home)opathy|philia|philiac|(?<!nost)algia|plegia|plegic|(?:dys|a|hyper)trophy',
    '(?:carcin|lymph|melan|glauc|sarc|gli|mening|hemat|granul|fibr|lip|blast|trach|myel)oma',
    // What is done to patients.
    '(?<!dich|b|l)otomy|ectomy|ostomy|(?:rhino|angio|arthro|mammo|abdomino|hernio|oto|blepharo)plasty|dialysis|pheresis',
    // Medicines, by the syllables that name their families.
    'mab|tinib|ciclib|parib|zomib|statin|opril|sartan|[^lo]olol|dipine|azole|ozole|oxacin|mycin|micin|cycline|cillin|sulfa',
    'navir|lovir|tegravir|buvir|oxetine|traline|alopram|faxine|azepam|azolam|zapine|tiapine|(?<!mag)azine|peridone|parin',
    'xaban|ogrel|gliptin|gliflozin|glutide|glitazone|etformin|prazole|tidine|dronate|dronic|lukast|setron|sone|solone',
    'solide|thyroxine|retinoin|platin|rubicin|taxel|trexate|oprine|quine|terol|semide|thiazide|lactone|profen|coxib',
    'triptan|gabalin|pentin|racetam|barbital|relix|relin|oxifen|limus|ercept|atacept|lidomide',
  ].join('|')})$`,
  'u',
);

/** One word each, as `normalise.ts` spells them. */
const HEALTH_WORDS: ReadonlySet<string> = new Set(
  `addison adhd adrenal aids albinism albino allergic allergies allergy alzheimer alzheimers amputation amputee amyloidosis
  anaphylaxis anemia anemic aneurysm angina angioedema anorexia anorexic antibiotic antibiotics anticoagulant anticoagulants
  antidepressant antidepressants antipsychotic aortic appendix arrhythmia arthritis aspergers aspirin asthma asthmatic ataxia
  autism autistic autoimmune behcet behcets biopsy bipolar bleeder bleeding blister blisters botox bowel bpd brain bronchitis
  bruises bruising bulimia burns bypass cancer cardiac cardiologist cataracts catheter celiac cerebral chickenpox chemo chemotherapy
  chiari cholesterol chronic cirrhosis clot clots clotting cochlear coeliac colectomy colitis colon colostomy coma concussion
  copd coronary cortisone covid cpap craniotomy crohn crohns cushing cushings cvid cyst cysts cystic dbs defibrillator
  deficiency dementia depressed depression dermatitis dermatographia dermatomyositis diabetes diabetic dialysis diagnosed
  diagnosis dvt dystonia ebola ecg eczema ehlers embolism emphysema endocrine endometriosis epidural epilepsy epileptic
  cicatricial exfoliative facelift fainting febrile fibroids fibromyalgia fibrosing fibrosis flare flares folliculitis fracture fractured g6pd
  gallbladder gastric gastritis genetic gestational glaucoma glp gout graves guillain hashimoto hashimotos heart hematoma
  hemochromatosis hemophilia hemophiliac hemorrhage hemorrhaging hepatic hepatitis hernia herpes hidradenitis hiv hives hospice
  hospital hospitalized hpv hrt hydrocephalus hyperpigmentation hypertension hypertrophic hyperthyroid hypoglycemia hypothyroid
  hypothyroidism hysterectomy ibd ibs ichthyosis icu ileostomy immune immunocompromised immunodeficiency immunosuppressant
  immunosuppressants immunosuppressed immunosuppression immunotherapy impetigo incontinence incontinent infection infections
  infusion infusions inhaler injection injections insulin intestinal intravenous ivf ivig jaundice keloid keloidal keloids
  kidney kidneys lactating latex lesion lesions leukemia lice lichen lipoma liver lung lungs lupus lyme lymes lymphedema lymphoma
  lymphatic malaria malignant mania manic marfan mastectomy mastocytosis medicated meds melanoma meningitis menopause menopausal
  metastatic methadone migraine migraines miscarriage mononucleosis morphea mrsa mthfr murmur muscular myasthenia myeloma
  myositis narcolepsy necrosis neoplasm nephrotic neurofibromatosis neurological neurologist neuropathy nodule nodules
  nursing obese ocd oncologist oncology opioid opioids osteoporosis ovarian pacemaker palsy pancreas pancreatic pancreatitis
  paralyzed paraplegic parkinson parkinsons pcos pemphigoid pemphigus pericarditis petechiae phlebitis pimples plaque
  plaques platelets pneumonia polio polycystic polycythemia polyps porphyria postpartum pots pregnancy pregnant prostate
  prosthetic psoriasis psoriatic psych psychiatric psychosis psychotic ptsd pulmonary pustules quadriplegic rabies radiation
  radiotherapy raynaud raynauds reflux rejection relapse relapsing remission renal retinol rheumatic rheumatoid ringworm rosacea
  sarcoidosis scabies schizophrenia schizophrenic sciatica scleroderma sclerosis scoliosis seborrhea seborrheic seizure seizures
  sepsis septic shingles shunt sickle sinus sjogren sjogrens sle smallpox ssri ssris staph stent stents steroid steroids
  stoma stroke strokes suboxone surgeries syncope syndrome syphilis tachycardia telangiectasia tetanus thalassemia thalassaemia
  thinners thrombosis thrombocytopenia thyroid thyroidectomy tia tinea tourette tourettes transfusion transfusions trich
  trichotillomania trimester tuberculosis tumor tumors twitching ulcer ulcerated ulcerative ulcers urticaria vaccinated
  vaccination vaccine vaginal valve vascular vasculitis vegetative vein ventricular vertigo virus vitiligo vomiting warfarin
  warts wheelchair willebrand wound wounds
  abilify accutane actemra adderall advil albuterol aleve amiodarone anastrozole aricept arimidex aromasin ativan avastin
  azathioprine baclofen benadryl benzos biologic biologics bisoprolol bosentan botulinum bupropion buspirone cannabis celebrex
  celexa cellcept chantix cialis cimzia clonidine clopidogrel clozaril codeine colchicine concerta cosentyx coumadin crestor
  cymbalta dapsone depakote digoxin dilantin diuretic dupixent effexor eliquis enbrel entresto entyvio epipen erbitux etanercept
  evista exemestane famotidine fentanyl filgrastim flecainide fosamax gilenya gleevec heparin herceptin heroin humira hydroxyurea
  ibrance ibuprofen imatinib imuran interferon isotretinoin jardiance keppra keytruda klonopin lamictal lantus lasix letrozole
  levaquin levodopa levothyroxine lexapro librium lipitor lisinopril lithium lovenox lupron lyrica mercaptopurine metformin
  methimazole methotrexate metoprolol mirapex morphine mounjaro mycophenolate naltrexone naproxen neulasta neupogen nexium nivolumab
  norvasc olumiant opdivo orencia oxycodone ozempic paroxetine paxil plaquenil plavix pradaxa prednisolone prednisone prograf
  prolia propranolol protonix prozac remicade revlimid rinvoq risperdal ritalin rituxan roaccutane seroquel sertraline simponi
  singulair skyrizi soriatane stelara strattera sumatriptan synthroid tacrolimus tagrisso taltz tamoxifen taxol tegretol temodar
  topamax toprol tramadol tremfya trulicity tylenol tysabri valium valtrex venlafaxine viagra vyvanse warfarin wegovy wellbutrin
  xanax xarelto xeljanz xolair zantac zepbound zithromax zocor zoladex zoloft zometa zyprexa`.split(/\s+/),
);

/** Names long enough that a misspelling of them can be told from other words. */
export function namesToSpell(): string[] {
  return [...HEALTH_WORDS].filter((word) => word.length > SHORTEST_NAME);
}
