// SPDX-License-Identifier: Apache-2.0

/// Exactly 20,000 characters of English prose under many headings, for long streams and scrolling.
enum LongAnswer {
    /// Eight subjects have a sentence for each month: part one goes subject by subject, part two month by month.
    static let text: String = {
        let lines = subjects.split(separator: "\n").map(String.init)
        let rows = stride(from: 0, to: lines.count, by: 13).map { Array(lines[$0..<$0 + 13]) }
        var blocks = ["# A Year Outdoors", opening, "## Part One: Eight Subjects"]
        for row in rows {
            blocks.append("### " + row[0])
            for start in stride(from: 1, to: 13, by: 3) {
                blocks.append(row[start..<start + 3].joined(separator: " "))
            }
        }
        blocks += ["## Part Two: Twelve Months", turning]
        for (index, month) in months.enumerated() {
            let column = rows.map { $0[index + 1] }
            blocks += ["### \(month)", column[..<4].joined(separator: " "), column[4...].joined(separator: " ")]
        }
        return (blocks + ["## Afterword", closing]).joined(separator: "\n\n")
    }()

    private static let months =
        "January February March April May June July August September October November December".split(separator: " ")

    private static let opening = """
        This is a small almanac of the temperate north, as it might be kept by somebody who walks the same few miles all \
        year. It has eight subjects and twelve months. The first part follows each subject from the middle of one winter \
        to the beginning of the next. Nothing in it is rare, and little of it needs more equipment than a warm coat and \
        patience.
        """
    private static let turning = """
        Here is the same year again, read across instead of down. Nothing has been added, and yet the sentences keep new \
        company: Leo stands above the tulips, and the Perseids fall while the jam is boiling.
        """
    private static let closing = """
        A year read twice is not the same year. Dates slip a little from place to place, and a late frost can undo any \
        table, but the order holds, and most of it can be seen from an ordinary road. Keep a notebook, write one line a \
        day, and by next winter there will be an almanac of your own.
        """

    private static let subjects = """
        The Sky
        On frosty January evenings Orion stands in the south, with bright Sirius following at his heels.
        By its last evening, February has added more than an hour of daylight to the length of the day.
        At the March equinox the sun rises due east and sets due west for almost everyone on Earth.
        Leo leads the spring constellations across the south, and the winter stars sink into the twilight.
        Orange Arcturus shines high on May evenings, found by following the curve of the Plough's handle.
        Near the solstice the twilight lingers so long in the north that midnight never grows truly dark.
        Vega, Deneb and Altair mark the great Summer Triangle, high in the east once a July night grows dark.
        The Perseid meteors peak around the twelfth of August, fast and white and best seen after midnight.
        The harvest moon rises soon after sunset for several evenings, large and yellow over the stubble.
        The Great Square of Pegasus rides high in October, with the faint smudge of the Andromeda Galaxy beside it.
        By November the Pleiades are up soon after dark, a cluster often mistaken for the Little Dipper.
        The longest night falls around the twenty-first of December, when the noon sun is at its lowest.
        Trees
        Bare branches show the shape of every tree, and an oak can be told from an ash by outline alone.
        Hazel catkins hang like yellow lambs' tails, shedding pollen long before any leaf appears.
        Silver buds burst on the willows of March, and the first bees come for pollen at the tips of the twigs.
        Blackthorn flowers on naked wood, while the horse chestnut unfolds its sticky buds into small green hands.
        Hawthorn whitens the hedges so reliably in May that it has borrowed the name of the month.
        Towards midsummer the limes come into flower, and whole avenues smell of honey and hum with bees.
        By July the canopy has grown so dense that only flecks of sunlight reach the woodland floor.
        Rowan berries redden before any leaf has turned, the first hint that summer will not last for ever.
        Conkers split their spiny green cases and drop, glossy and brown, onto the pavements of September.
        As chlorophyll breaks down, the yellows hidden in the leaf all summer come at last into view.
        A corky layer seals each leaf stalk, and the November gales carry off what was already let go.
        Holly and ivy keep their leaves through the darkest weeks, sheltering small birds from wind and snow.
        Birds
        The robin sings even in January, since both sexes hold territories of their own through the cold.
        Great tits begin their two-note call, which sounds to many listeners like a squeaky bicycle pump.
        Rooks quarrel over sticks in the tallest trees, and the wind tests every nest that they build.
        The first swallow returns from Africa in April, often to the same barn in which it nested before.
        The dawn chorus reaches its height in May, with blackbirds and robins among the earliest voices.
        Swifts race screaming round the rooftops at dusk, and are thought to sleep while on the wing.
        Cuckoos fall silent, and most of the adults are already on their way to Africa by the middle of July.
        Young starlings gather in noisy flocks, trading plain brown feathers for a coat of pale spots.
        Swallows line up along the wires in September, restless for a journey of thousands of miles.
        Redwings arrive from the north on October nights, and their thin calls pass over sleeping towns.
        Starlings wheel over the reed beds at dusk, thousands of them turning together like a single cloth of smoke.
        Waxwings wander south in some winters and strip the berries from the ornamental trees in car parks.
        The Garden
        Snowdrops push up through frozen soil in January, helped by hardened leaf tips that break the crust.
        February is the time to prune apple trees, while the shape of the branches is plain to see.
        Broad beans and onions can be planted as soon as the March soil no longer sticks to the spade.
        Tulips open wide in the April sun and close again towards evening as the air begins to cool.
        Tender plants wait indoors for the last frost, which in many places means until the middle of May.
        Old roses flower with all their strength in June, and smell sweetest on a still, warm morning.
        Courgettes hidden beneath their leaves turn into marrows in the few days that nobody looks.
        Green tomatoes ripen sooner beside a banana, because ripe fruit gives off a gas called ethylene.
        Windfalls lie in the grass under the apple trees, and red admirals sip from them beside the wasps.
        Daffodil bulbs go into the autumn soil, each two or three times as deep as it is tall.
        Fallen leaves, heaped in a wire cage and left alone for two years, become a dark and crumbly mould.
        Frost sweetens parsnips by turning starch to sugar, so a patient cook leaves them in the ground.
        Rivers and Ponds
        Winter floods spread over the meadows and leave a fine silt that feeds the grass of the coming year.
        Ice creeps out from the quiet edges first, while the fast water in the middle stays open.
        Frogs gather in the ponds and ditches of March, and by morning the shallows are full of spawn.
        Meltwater runs down from the hills, cold and loud, and trout begin to feed at the surface again.
        Mayflies rise in clouds on warm evenings, to dance through an adult life that is often a single day.
        Kingfishers carry minnows to a tunnel in the bank, where the young take turns at the front to be fed.
        In the July heat the water sinks low, and the gravel bars become beaches for children and wagtails.
        White water lilies open in the August morning and have mostly closed again by the late afternoon.
        Eels, silver now and ready for the sea, slip downstream on the dark and stormy nights of autumn.
        Salmon leap at the weirs in October, heading for the very gravel in which many of them hatched.
        Mist stands over the river at sunrise, when water still warm from autumn meets the colder air.
        Water is densest at about four degrees, so fish live on at the bottom of a frozen December pond.
        Small Creatures
        Ladybirds sleep in clusters behind loose bark and in the corners of window frames, waiting for warmth.
        Honeybees leave the hive on the first mild days of February for a short and necessary flight.
        Brimstone butterflies, yellow as butter, wake from their winter in the ivy and patrol the lanes.
        A queen bumblebee searches the April banks for an old mouse hole in which to found her colony.
        Cockchafers blunder against lighted windows, after three or four years spent underground as grubs.
        Glow-worms light their green lamps in the June grass, the wingless females calling to the males.
        Flying ants pour from the pavements on a still, humid afternoon, and gulls wheel overhead to meet them.
        Grasshoppers sing by rubbing their hind legs against their wings, and the dry meadow rings with it.
        Garden spiders hang their webs across every path, and heavy September dew makes each thread visible.
        Ivy flowers late and plainly in October, and gives hoverflies and wasps their last great feast of the year.
        Woodlice gather under stones and rotting logs, where the November damp keeps them from drying out.
        Winter moths flutter in the headlights, only the males, for the females have no working wings.
        Fields
        Winter wheat stands a hand high in January, and needs these weeks of cold before it can flower.
        The first lambs stand up in sheltered fields, and most can walk within an hour of being born.
        Hares chase and box on the open ground in March, and it is often a female fending off an eager male.
        Cows let out onto spring grass after a winter indoors will sometimes gallop and kick like calves.
        Oilseed rape turns whole hillsides yellow, and its heavy scent drifts into the villages below.
        Hay is best cut while the grasses are in flower, and then it wants a few dry days to cure.
        Barley ripens ahead of the wheat, and the wind sends long, silky waves across its bearded heads.
        Combine harvesters work into the August night, for the grain is dry and rain may come tomorrow.
        The plough turns the stubble under in long brown ribbons, and gulls follow close behind for worms.
        Pumpkins sit among their withered vines in October, and a firm, dry stem helps them to keep.
        Lapwings and golden plovers share the November ploughland, often resting in one mixed flock.
        Hedges are laid while they sleep, each stem cut almost through and bent so that it shoots again.
        The Kitchen
        Seville oranges reach the shops, too bitter to eat but rich in the pectin that sets marmalade.
        Pancakes use up the eggs and butter before Lent, and the first from the pan is rarely the prettiest.
        In Yorkshire forced rhubarb is still picked by candlelight, and its pink stalks brighten the table.
        Wild garlic scents the damp woods of April, and a handful of its leaves makes a fine green soup.
        Asparagus loses its sweetness by the hour, so the best spears go from the bed straight to the pot.
        Strawberries grow no sweeter once picked, which is why the ripest June berry is the one to choose.
        Peas shelled at the table are half eaten before they reach the pan, and wise cooks allow for it.
        Plums and blackberries are boiled into jam while they are plentiful, and the kitchen windows mist over.
        Mushrooms come home in baskets after the September rains, and only those known for certain are eaten.
        Pressed apples turn brown within minutes as the juice meets the air, and the cider is none the worse.
        Chestnuts must be slit before they are roasted, or the steam inside will burst them with a bang.
        Spices were once costly enough to lock away, and December baking still treats them as treasure.
        """
}
