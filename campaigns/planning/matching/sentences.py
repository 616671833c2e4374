"""The sentences of reasons that compare what a campaign asks with what a person is: one set for each."""

from dataclasses import dataclass

from campaigns.errors import Said


@dataclass(frozen=True)
class Sentences:
    """Not asked, not told, nothing in common; and in common, with the place `%(found)s`."""

    not_asked: Said
    not_told: Said
    nothing: Said
    some: Said


PRODUCT = Sentences(
    Said("The campaign describes no product."),
    Said("What they are known for is not on record."),
    Said("Nothing they are known for is named in the product."),
    Said("Words of the product they are known for: %(found)s."),
)
VALUES = Sentences(
    Said("The campaign names no values of the brand."),
    Said("What they are known for is not on record."),
    Said("Nothing they are known for is named in the brand's values."),
    Said("Words of the brand's values they are known for: %(found)s."),
)
COUNTRIES = Sentences(
    Said("The campaign asks for no country."),
    Said("Where their audience lives is not known."),
    Said("Their audience lives in other countries."),
    Said("Their audience lives in wanted countries: %(found)s."),
)
AGES = Sentences(
    Said("The campaign asks for no age."),
    Said("How old their audience is, is not known."),
    Said("Their audience is of other ages."),
    Said("Their audience is of wanted ages: %(found)s."),
)
INTERESTS = Sentences(
    Said("The campaign asks for no interests."),
    Said("What interests their audience is not known."),
    Said("Their audience has other interests."),
    Said("Their audience shares wanted interests: %(found)s."),
)
STYLES = Sentences(
    Said("The campaign asks for no style."),
    Said("Their style is not known."),
    Said("Their style is another."),
    Said("Shows things in a wanted style: %(found)s."),
)
