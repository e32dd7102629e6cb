import type { Clinic } from '../../answers/knowledge';

/**
 * A clinic's home page with the widget on it, to see the product where it will live. Every statement about the
 * treatment rests on the clinic's approved facts, whose numbers stand beside it.
 */
export function SamplePage(props: { clinic: Clinic; style: string }) {
  const { clinic } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${clinic.name} – scalp micropigmentation`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={props.style} />
        <script src="widget.js" data-label="Ask a question" async />
      </head>
      <body>
        <header>
          <p class="sample">Sample page: it shows how the chat looks on a clinic’s site.</p>
          <div class="top">
            <a class="name" href="#top">
              {clinic.name}
            </a>
            <nav aria-label="On this page">
              <a href="#treatment">The treatment</a>
              <a href="#course">How it works</a>
              <a href="#for-whom">For whom</a>
            </nav>
          </div>
        </header>
        <main id="top">
          <section class="hero">
            <div>
              <p class="eyebrow">Scalp micropigmentation · {clinic.location}</p>
              <h1>The look of a neatly shaven head.</h1>
              {/* F1, F3 */}
              <p class="lead">
                Pigment is deposited in the scalp with microneedles, so that it looks like hair follicles and
                the hair looks thicker.
              </p>
              <p class="actions">
                <a class="button" href="chat">
                  Ask a question
                </a>
                <a href="#course">How it works</a>
              </p>
            </div>
            <div class="follicles" aria-hidden="true" />
          </section>

          {/* F5, F6, F10 */}
          <section class="figures" aria-label="In figures">
            <p>
              <b>2–3</b> sessions, about, for the whole treatment
            </p>
            <p>
              <b>3–5 h</b> about, for one session, depending on the style and the type of treatment
            </p>
            <p>
              <b>Years</b> before touch-ups: at a top clinic, no further care for the next couple of years
            </p>
          </section>

          <section id="treatment" class="columns">
            <div>
              <h2>What it is</h2>
              {/* F2 */}
              <p>
                The clinic describes it as non-invasive: the ink goes into the epidermal layer of the skin.
              </p>
            </div>
            <div>
              <h2>Not a tattoo</h2>
              {/* F4 */}
              <p>
                The techniques, the equipment and the expertise it takes are more advanced than in ordinary
                tattooing.
              </p>
            </div>
            <div>
              <h2>Experience</h2>
              {/* F13 */}
              <p>{clinic.name} states over 5,000 procedures and a success rate of about 99 percent.</p>
            </div>
          </section>

          <section id="course" class="course">
            <h2>How it works</h2>
            {/* F7, F8, F9, F10 */}
            <ol>
              <li>
                <h3>Consultation</h3>
                <p>
                  A sit-down first: the specialist hears your complaint, and style, color and type of
                  treatment are discussed.
                </p>
              </li>
              <li>
                <h3>Main session</h3>
                <p>The inking itself.</p>
              </li>
              <li>
                <h3>Completing the look</h3>
                <p>
                  A couple more sessions complete it. Afterwards you get instructions on caring for the scalp.
                </p>
              </li>
              <li>
                <h3>Later</h3>
                <p>After a couple of years, coming back for touch-ups is normal.</p>
              </li>
            </ol>
          </section>

          <section id="for-whom" class="whom">
            <h2>For whom</h2>
            {/* F11 */}
            <ul>
              <li>Autoimmune conditions such as alopecia</li>
              <li>Hair loss from chemotherapy</li>
              <li>Hair loss with age</li>
              <li>Thinning hair and pattern baldness</li>
              <li>Scarring and botched hair treatments</li>
              <li>Bald patches you want covered</li>
            </ul>
            <p class="quiet">
              Whether it is right for one person is for the specialist to say; nothing on this page is medical
              advice.
            </p>
          </section>
        </main>
        <footer>
          <p>
            {clinic.name}, {clinic.location}
          </p>
          <p>
            <a href="chat">Chat</a> · <a href="privacy">Privacy notice</a>
          </p>
        </footer>
      </body>
    </html>
  );
}
