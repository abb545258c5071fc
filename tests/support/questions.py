"""What customers write in the stories, and what the sample articles say to it."""

DELIVERY = "How long does delivery take?"
DELIVERY_VI = "Giao hàng mất bao lâu?"
DELIVERY_PLAIN = "giao hang mat bao lau vay shop?"
WARRANTY = "How long is the warranty on a rice cooker?"
COMPARISON = (
    "Compare the two rice cookers: which one suits a family of five, and what about warranty?"
)
POEM = "Could you write a short funny poem about the bamboo bottle for a gift card?"
NOWHERE = "Do you sell gift wrapping for motorbikes in Antarctica?"
FOR_AGENTS = "What goodwill voucher may an agent give when a parcel is late?"
PERSON = "I'd like to talk to a real person please"
COMPLAINT = "Your service is terrible and nobody answers, I am very disappointed"
GIBBERISH = "asdf qwer zxcv"

WILL_COME = "A person will answer you here"
