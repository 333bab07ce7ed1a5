// nRF51: one port of 32 pins; four edge detectors (GPIOTE), one interrupt line.
//
// The edge detectors are not modelled by QEMU; that part has run on no machine yet.
#include "gpio_chip.h"

#define GPIO 0x50000000u
#define GPIOTE 0x40006000u

enum { OUT = 0x504, OUTSET = 0x508, OUTCLR = 0x50C, IN = 0x510, PIN_CNF = 0x700, PINS = 32 };
enum { CNF_OUTPUT = 1, CNF_PULL_DOWN = 1 << 2, CNF_PULL_UP = 3 << 2 }; // the input buffer stays on
enum { EVENT_IN = 0x100, INTENSET = 0x304, INTENCLR = 0x308, CONFIG = 0x510, DETECTORS = 4, GPIOTE_LINE = 6 };
enum { CONFIG_EVENT = 1, CONFIG_PIN_AT = 8, CONFIG_PIN_MASK = 31 << 8, CONFIG_EDGES_AT = 16 };

static bool exists(rill_pin_t pin)
{
    return pin < PINS;
}

static volatile uint32_t *configuration(rill_pin_t pin)
{
    return gpio_at(GPIO + PIN_CNF + 4u * pin);
}

int rill_gpio_output(rill_pin_t pin, bool level)
{
    if (!exists(pin)) {
        return RILL_EINVAL;
    }
    rill_gpio_set(pin, level);
    *configuration(pin) = CNF_OUTPUT;
    return RILL_OK;
}

int rill_gpio_input(rill_pin_t pin, rill_gpio_pull_t pull)
{
    static const uint8_t pulls[] = { 0, CNF_PULL_UP, CNF_PULL_DOWN };
    if (!exists(pin) || pull > RILL_GPIO_PULL_DOWN) {
        return RILL_EINVAL;
    }
    *configuration(pin) = pulls[pull];
    return RILL_OK;
}

void rill_gpio_set(rill_pin_t pin, bool level)
{
    *gpio_at(GPIO + (level ? OUTSET : OUTCLR)) = gpio_bit(pin);
}

void rill_gpio_toggle(rill_pin_t pin)
{
    uintptr_t state = rill_arch_irq_save();
    rill_gpio_set(pin, (*gpio_at(GPIO + OUT) & gpio_bit(pin)) == 0);
    rill_arch_irq_restore(state);
}

bool rill_gpio_get(rill_pin_t pin)
{
    return *gpio_at(GPIO + IN) & gpio_bit(pin);
}

int rill_gpio_chip_line(rill_pin_t pin)
{
    return exists(pin) ? GPIOTE_LINE : RILL_EINVAL;
}

// The detector of a pin, or a free one; DETECTORS if there is none.
static unsigned detector_of(rill_pin_t pin)
{
    unsigned found = DETECTORS;
    for (unsigned i = 0; i < DETECTORS; i++) {
        uint32_t config = *gpio_at(GPIOTE + CONFIG + 4 * i);
        if (config == 0) {
            found = i;
        } else if ((config & CONFIG_PIN_MASK) >> CONFIG_PIN_AT == pin) {
            return i;
        }
    }
    return found;
}

int rill_gpio_chip_detect(rill_pin_t pin, unsigned edges)
{
    unsigned i = detector_of(pin);
    if (i == DETECTORS) {
        return RILL_EBUSY;
    }
    *gpio_at(GPIOTE + INTENCLR) = 1u << i;
    uint32_t config = CONFIG_EVENT | (uint32_t)pin << CONFIG_PIN_AT | edges << CONFIG_EDGES_AT;
    *gpio_at(GPIOTE + CONFIG + 4 * i) = edges != 0 ? config : 0;
    *gpio_at(GPIOTE + EVENT_IN + 4 * i) = 0;
    if (edges != 0) {
        *gpio_at(GPIOTE + INTENSET) = 1u << i;
    }
    return RILL_OK;
}

void rill_gpio_chip_isr(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < DETECTORS; i++) {
        uint32_t config = *gpio_at(GPIOTE + CONFIG + 4 * i);
        if (config != 0 && *gpio_at(GPIOTE + EVENT_IN + 4 * i) != 0) {
            *gpio_at(GPIOTE + EVENT_IN + 4 * i) = 0;
            rill_gpio_isr_edge((rill_pin_t)((config & CONFIG_PIN_MASK) >> CONFIG_PIN_AT));
        }
    }
}
