// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// A sibling of the chat page's: paper, ink and a ribbon. The two lines' colours, a blue and an ochre, differ in
    /// lightness too, for those who see no hue; red is kept for what breaks.
    static let style: StaticString = """

        :root {
          color-scheme: light dark;
          --paper: #f4efe4; --sheet: #fffdf7; --ink: #221e18; --faded: #635a4d; --rule: #e0d7c6; --line: #8b8071;
          --ribbon: #a3271c; --one: #1d5c96; --two: #bd6a00; --good: #1c6b48; --warn: #855800;
          --calm: #b3cbe2; --brisk: #6c9fce; --slow: #1d5c96; --wait: #d9cdb8;
          --type: "American Typewriter", "Courier Prime", ui-monospace, "Cascadia Mono", Menlo, Consolas,
            "DejaVu Sans Mono", monospace;
          font: 15px/1.5 system-ui, sans-serif;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --paper: #161412; --sheet: #201d1a; --ink: #ede5d8; --faded: #aea495; --rule: #38332d; --line: #82776a;
            --ribbon: #ff9080; --one: #74b0ea; --two: #e8a33d; --good: #74c79c; --warn: #e3b04b;
            --calm: #3a5876; --brisk: #4b739b; --slow: #86bdf0; --wait: #6d6252;
          }
        }

        * { box-sizing: border-box; }
        body {
          margin: 0 auto; max-width: 76rem; padding: 1.25rem max(1rem, 2.5vw) 2rem;
          background: var(--paper); color: var(--ink); font-variant-numeric: tabular-nums;
        }
        h1, h2, h3, p, dl, dd, ul, figure, pre { margin: 0; padding: 0; }
        h1 { font: 700 1.375rem/1 var(--type); letter-spacing: -.02em; }
        h1::after { content: "_"; color: var(--ribbon); }
        h2 { font: 700 1.0625rem/1.3 var(--type); letter-spacing: -.01em; margin-bottom: .75rem; }
        h3 { font: inherit; font-weight: 600; }
        ul { list-style: none; }
        code, pre { font: .8125rem/1.5 var(--type); unicode-bidi: isolate; }
        small { font-size: .8125rem; color: var(--faded); }
        :focus-visible { outline: 2px solid var(--ribbon); outline-offset: 2px; }

        .masthead { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; margin-bottom: 1rem; }
        .masthead p, footer { font-size: .8125rem; color: var(--faded); }
        footer { margin-top: 2rem; max-width: 46rem; }
        main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; }
        section {
          padding: 1rem 1.125rem 1.125rem; background: var(--sheet); border: 1px solid var(--rule);
          border-radius: .375rem;
        }
        section > * + * { margin-top: .75rem; }
        section > h2 + * { margin-top: 0; }

        .verdict { --seal: var(--good); border-inline-start: .375rem solid var(--seal); }
        .verdict.degraded { --seal: var(--warn); }
        .verdict.client_bound { --seal: var(--ribbon); }
        .verdict h2 { display: flex; align-items: center; gap: .625rem; margin: 0; color: var(--seal); }
        .verdict ul { list-style: disc; padding-inline-start: 3.25rem; }
        .verdict p { padding-inline-start: 2.125rem; color: var(--faded); font-size: .875rem; }
        .seal {
          flex: none; width: 1.5rem; height: 1.5rem; border-radius: 50%; background: var(--seal); color: var(--sheet);
          font: 700 .9375rem/1.5rem system-ui, sans-serif; text-align: center;
        }
        .empty h2 { color: var(--ribbon); margin-bottom: .25rem; }

        dl div { min-width: 0; }
        dt { font-size: .8125rem; color: var(--faded); }
        dd { overflow-wrap: anywhere; unicode-bidi: plaintext; }
        .headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr));
          gap: .75rem 1rem; padding: 0 .25rem; }
        .headline dd { font: 1.25rem/1.3 var(--type); }
        .headline dd.note { font: .8125rem/1.4 system-ui, sans-serif; color: var(--faded); }
        .headline .bad dd:not(.note) { color: var(--ribbon); }
        .headline .side { grid-column: 1 / -1; display: flex; gap: .5rem; align-items: baseline; }
        .headline .side dt { color: var(--sheet); background: var(--look); border-radius: .25rem; padding: 0 .5rem; font-weight: 700; }
        .headline .side dd { font-size: .8125rem; }
        .side.one { --look: var(--one); }
        .side.two { --look: var(--two); }
        .facts { display: grid; gap: .25rem; font-size: .875rem; }
        .facts div { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: .75rem; }
        .facts.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); column-gap: 2rem; }
        .facts.two div { grid-template-columns: 11rem minmax(0, 1fr); }
        .facts dt { font-size: inherit; }
        pre {
          padding: .5rem .75rem; background: var(--paper); border-radius: .25rem; white-space: pre-wrap;
          overflow-wrap: anywhere;
        }

        .scroll { overflow-x: auto; margin-inline: -.25rem; padding-inline: .25rem; }
        table { border-collapse: collapse; width: 100%; font-size: .8125rem; }
        caption { text-align: start; position: sticky; inset-inline-start: 0; max-width: calc(100vw - 3rem); color: var(--faded); padding-bottom: .375rem; }
        th, td { padding: .25rem .625rem; text-align: end; white-space: nowrap; border-top: 1px solid var(--rule); }
        thead th, thead td { border-top: 0; color: var(--faded); font-weight: 400; vertical-align: bottom; }
        th:first-child, td:first-child { text-align: start; padding-inline-start: 0; font-weight: 400; }
        th code { font-weight: 700; }
        td:last-child, th:last-child { padding-inline-end: 0; }
        td.unit { color: var(--faded); text-align: start; padding-inline: 0; }
        td.stat { padding-inline-start: .5rem; }
        td.bad, .missed td:last-child, .worse { color: var(--ribbon); }
        .better { color: var(--good); }
        .worse::after { content: " worse"; }
        .better::after { content: " better"; }
        .change { color: var(--faded); }
        .change.worse { color: var(--ribbon); }
        .change.better { color: var(--good); }
        .checks { width: auto; }
        .checks td:last-child, .checks th:last-child { text-align: start; }
        .held td:last-child { color: var(--good); }
        .saturated, .saturated th { color: var(--faded); }
        .columns { display: grid; align-items: start; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 2rem; }
        .bars td.bar { width: 45%; padding-inline-end: 0; }
        .bars svg { display: block; }
        .bars .detail.deep th { padding-inline-start: 2rem; }
        .bars .detail th { padding-inline-start: 1rem; color: var(--faded); white-space: normal; }
        .more-of-it td { border-top-color: transparent; }
        th[rowspan], td[rowspan] { vertical-align: baseline; }
        .worst { width: auto; }
        .worst td, .worst th { padding-inline-end: 1.25rem; }
        .worst td:last-child { padding-block: .125rem; }
        .worst td:nth-last-child(2), .worst th:nth-last-child(2) { text-align: start; }
        .worst td:last-child, .worst th:last-child { text-align: start; width: 13rem; }

        .charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem 2rem; }
        figure { min-width: 0; }
        figure.wide { grid-column: 1 / -1; }
        figcaption p, .keys { font-size: .8125rem; color: var(--faded); }
        .keys { display: flex; flex-wrap: wrap; gap: .125rem 1rem; margin-top: .25rem; }
        .keys li { display: flex; align-items: center; gap: .375rem; }
        .keys svg { flex: none; }

        svg.plot {
          display: block; overflow: visible; width: calc(100% - 64px); margin: 26px 8px 40px 56px;
        }
        svg.bare { margin-bottom: 28px; }
        svg svg { overflow: visible; }
        svg text { font-size: 11.5px; fill: var(--faded); }
        .mid { text-anchor: middle; }
        .end { text-anchor: end; }
        .grid { stroke: var(--rule); }
        .grid.minor { stroke-opacity: .5; }
        .axis { stroke: var(--line); }
        path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
        path.one { stroke: var(--one); }
        path.two { stroke: var(--two); }
        path.base { stroke-dasharray: 5 4; stroke-width: 1.25; }
        path.under { stroke-width: 5; stroke-opacity: .45; }
        path.thin { stroke-width: 1; stroke-opacity: .75; }
        path.area { stroke: none; fill: var(--one); fill-opacity: .14; }
        .plot path.fill, .gaps path.fill, path.fill { stroke: none; }
        .fill.one { fill: var(--one); }
        .fill.two { fill: var(--two); }
        .fill.bad { fill: var(--ribbon); }
        .fill.faint { fill: var(--line); fill-opacity: .55; }
        path.fill.one, path.fill.two { fill-opacity: .85; }
        path.queue { fill: var(--line); stroke: none; }
        .key path.queue { stroke: var(--line); }
        path.wait { fill: var(--wait); stroke: none; }
        path.shade0 { fill: var(--calm); stroke: none; }
        path.shade1 { fill: var(--brisk); stroke: none; }
        path.shade2 { fill: var(--slow); stroke: none; }
        path.shade3 { fill: var(--ribbon); stroke: none; }
        .dot { stroke: var(--sheet); stroke-width: 1.5; }
        .dot.one { fill: var(--one); }
        .dot.two { fill: var(--two); }
        .border { stroke: var(--faded); stroke-dasharray: 3 3; }
        .border.bad { stroke: var(--ribbon); }
        .border.median { stroke: var(--ink); }
        text.name { paint-order: stroke; stroke: var(--sheet); stroke-width: 3px; stroke-linejoin: round; }
        text.median { fill: var(--ink); }
        text.bad { fill: var(--ribbon); }
        text.sign { font-size: 10.5px; paint-order: stroke; stroke: var(--sheet); stroke-width: 3px; }
        .hint { fill: transparent; }
        .hint:hover { fill: var(--ink); fill-opacity: .06; }
        .gaps { display: block; }

        @media print, (min-width: 56rem) {
          .charts { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
        }
        @media (max-width: 40rem) {
          body { padding-inline: .625rem; }
          section { padding-inline: .75rem; }
          .facts div, .facts.two div { grid-template-columns: minmax(0, 1fr); gap: 0; }
          .headline { grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); }
          .figures th:first-child { position: sticky; inset-inline-start: 0; background: var(--sheet); }
          .figures th small { display: block; white-space: normal; width: 8rem; line-height: 1.3; }
          .bars td.bar { width: 25%; }
          .bars th { white-space: normal; }
          .more { display: none; }
        }
        @media print {
          :root { --paper: #fff; --sheet: #fff; font-size: 11px; }
          body { max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          section { border-color: var(--rule); }
          figure, tr, .verdict, .headline { break-inside: avoid; }
          h2, h3, figcaption { break-after: avoid; }
          .scroll { overflow: visible; }
          .facts.two { grid-template-columns: 1fr 1fr; }
          svg text { font-size: 10px; }
          th, td { padding: .125rem .5rem; }
        }

        """
}
