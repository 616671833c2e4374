"""What the demo data's campaigns say of product, people and posts, for matching and for the brand to approve."""

from typing import Any

HEBREW_BRIEF = "הראו את הסרום בשגרה שלכם, בבוקר או בערב. ספרו מה אתם חושבים עליו באמת, ושאתם מקבלים חלק מכל מכירה."
VALUES = "טבעי, בלי ניסויים בבעלי חיים, מיוצר בגליל. מדברים בגובה העיניים ולא מבטיחים ניסים."
BUYERS = {"countries": ["IL"], "ages": ["18-24", "25-34", "35-44"], "women_percent": 75, "interests": ["skin care"]}
OF_ALL: dict[str, Any] = {"category": "skin care", "brand_values": VALUES, "audience": BUYERS}

OUTLET = OF_ALL | {
    "product": "Creams, soaps and sets of last season",
    "goals": "Sell what is left of the summer, to people who did not know the outlet.",
    "styles": ["unboxing", "reviews"],
    "hashtags": ["glowoutlet"],
}
SERUM = OF_ALL | {
    "product": "סרום לילה, 30 מ״ל",
    "goals": "להכיר את הסרום ללקוחות חדשות, ולמכור 150 בקבוקים עד סוף הקמפיין.",
    "styles": ["reviews", "before_after", "lessons"],
    "hashtags": ["סרום_לילה", "glow"],
    "disclosure": "פרסומת",
    "brief": HEBREW_BRIEF,
}
HANDS = OF_ALL | {
    "product": "קרם ידיים לחורף",
    "goals": "שהקרם יהיה בכל תיק לפני הקור הראשון.",
    "styles": ["daily_life", "reviews"],
    "hashtags": ["ידיים_של_חורף"],
    "disclosure": "פרסומת",
    "brief": "ידיים יבשות מכירים כולם. הראו את הקרם ברגע שאתם באמת צריכים אותו.",
    "invite_reserves": True,
}
