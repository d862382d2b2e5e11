//! One plot: how often each figure meets its limit. A bar to the line is just enough; longer is better.

use std::fmt::Write as _;

use crate::report::{Figure, Verdict};

const WIDTH: f64 = 920.0;
const ROW: f64 = 46.0;
const LEFT: f64 = 20.0;
const TOP: f64 = 64.0;
/// Where the limit is, and how far a bar goes at most: four times the limit.
const LIMIT_AT: f64 = 220.0;
const MARGIN_MAX: f64 = 4.0;

/// Draws the figures.
pub(crate) fn draw(figures: &[Figure], about: &str) -> String {
    let rows = figures.iter().fold(0.0, |rows, _| rows + 1.0);
    let height = TOP + rows * ROW + 20.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"26\" font-size=\"17\" fill=\"#111\">Each figure against its limit (the line): longer is \
         better</text>\n<text x=\"{LEFT}\" y=\"46\" fill=\"#555\">{}</text>\n",
        escaped(about)
    );
    let mut y = TOP;
    for figure in figures {
        let colour = match figure.verdict {
            Verdict::Pass => "#2f7d4f",
            Verdict::Short => "#b3452c",
            Verdict::Skipped => "#bbb",
        };
        let length = if figure.verdict == Verdict::Skipped { 0.0 } else { figure.margin().min(MARGIN_MAX) * LIMIT_AT };
        let (words, bar) = (y + 14.0, y + 20.0);
        // Writing to a String cannot fail.
        writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{words}\" fill=\"#111\">{}: <tspan fill=\"{colour}\">{} ({})</tspan></text>\n\
             <rect x=\"{LEFT}\" y=\"{bar}\" width=\"{length:.1}\" height=\"14\" fill=\"{colour}\"/>",
            escaped(&figure.what),
            escaped(&figure.against()),
            figure.word()
        )
        .ok();
        y += ROW;
    }
    let line = LEFT + LIMIT_AT;
    writeln!(
        svg,
        "<line x1=\"{line}\" y1=\"{TOP}\" x2=\"{line}\" y2=\"{y}\" stroke=\"#111\" stroke-dasharray=\"4 3\"/>\n</svg>"
    )
    .ok();
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Good;

    #[test]
    fn a_plot_has_a_bar_for_each_figure_and_no_bare_markup() {
        let figures = [
            Figure::new("a < b", 0.5, Good::AtLeast, 0.6, String::new()),
            Figure::skipped("c", Good::AtMost, 1.0, "no & none".to_owned()),
        ];

        let svg = draw(&figures, "here");

        assert_eq!(svg.matches("height=\"14\"").count(), 2);
        assert!(svg.contains("a &lt; b") && svg.contains("no &amp; none") && svg.ends_with("</svg>\n"));
    }
}
