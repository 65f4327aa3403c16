/// The demonstration files that are text.
enum DemoText {
    static let worksheet = [
        "1.  1/4 + 2/4 = ____", "2.  1/3 + 1/6 = ____", "3.  2/5 + 3/10 = ____", "4.  3/4 + 5/6 = ____",
        "Draw each sum as parts of a disc, then compare.",
    ]

    static let numberLine = Array(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 80" role="img" aria-label="Number line from 0 to 1">
          <line x1="20" y1="40" x2="420" y2="40" stroke="black" stroke-width="2"/>
          <line x1="20" y1="30" x2="20" y2="50" stroke="black"/><text x="16" y="70">0</text>
          <line x1="120" y1="34" x2="120" y2="46" stroke="black"/><text x="108" y="70">1/4</text>
          <line x1="220" y1="34" x2="220" y2="46" stroke="black"/><text x="208" y="70">1/2</text>
          <line x1="320" y1="34" x2="320" y2="46" stroke="black"/><text x="308" y="70">3/4</text>
          <line x1="420" y1="30" x2="420" y2="50" stroke="black"/><text x="416" y="70">1</text>
        </svg>

        """.utf8)

    static let captions = Array(
        """
        WEBVTT

        00:00.000 --> 00:08.000
        A leaf is a small factory that runs on light.

        00:08.000 --> 00:19.000
        It takes in water from the roots and carbon dioxide from the air.

        00:19.000 --> 00:30.000
        Out of these it makes sugar, and what is left over is the oxygen that we breathe.

        """.utf8)

    static let notes = Array(
        """
        Saving water – notes for the lesson

        Before: ask how much water the class thinks a dripping tap loses in a day.
        During: measure it. One drop a second fills a glass in about an hour and a half.
        After: each group writes down three places at home where water runs unused.

        """.utf8)
}
